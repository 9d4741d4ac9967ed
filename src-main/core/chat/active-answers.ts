import type { Message } from '../../../src-contract/chat.ts';
import type { Citation } from '../../../src-contract/common.ts';
import type { Logger } from '../shared/logger.ts';
import type { Part } from './chat-store.ts';

/** How often the text of all running answers is stored: what a crash may cost at most. */
const FLUSH_MS = 500;

/** An answer that is being written. */
export class ActiveAnswer {
  readonly conversationId: string;
  readonly messageId: string;
  /** Aborted by whoever ends the answer from outside its stream. */
  readonly controller = new AbortController();
  text = '';
  citations: readonly Citation[] = [];
  #stored = 0;
  #part = 0;
  #citationsStored = false;

  constructor(conversationId: string, messageId: string) {
    this.conversationId = conversationId;
    this.messageId = messageId;
  }

  /** What is not stored yet; null before the first text, so that nothing is written before it went out. */
  pending(): Part | null {
    if (this.text.length === this.#stored) return null;
    const { messageId, text } = this;
    const citations = this.#citationsStored || this.citations.length === 0 ? null : this.citations;
    return { messageId, part: this.#part, text: text.slice(this.#stored), citations };
  }

  /** `part` is in the store. */
  stored(part: Part): void {
    this.#stored += part.text.length;
    this.#part += 1;
    this.#citationsStored ||= part.citations !== null;
  }
}

/** All answers that are being written, and the timer that stores their text together. */
export class ActiveAnswers {
  readonly #flush: (parts: readonly Part[]) => void;
  readonly #logger: Logger;
  readonly #answers = new Map<string, ActiveAnswer>();
  #timer: NodeJS.Timeout | null = null;

  constructor(flush: (parts: readonly Part[]) => void, logger: Logger) {
    this.#flush = flush;
    this.#logger = logger;
  }

  get size(): number {
    return this.#answers.size;
  }

  add(answer: ActiveAnswer): void {
    this.#answers.set(answer.messageId, answer);
    this.#timer ??= setInterval(() => this.flush(), FLUSH_MS);
  }

  remove(answer: ActiveAnswer): void {
    this.#answers.delete(answer.messageId);
    if (this.#answers.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  has(messageId: string): boolean {
    return this.#answers.has(messageId);
  }

  of(conversationId: string): ActiveAnswer[] {
    return [...this.#answers.values()].filter((one) => one.conversationId === conversationId);
  }

  isBusy(conversationId: string): boolean {
    return this.of(conversationId).length > 0;
  }

  abortAll(): void {
    for (const answer of this.#answers.values()) answer.controller.abort();
  }

  /** Puts the text so far into messages as they were read from the store. */
  overlay(messages: readonly Message[]): Message[] {
    return messages.map((message) => {
      const active = this.#answers.get(message.id);
      return active ? { ...message, text: active.text, citations: [...active.citations] } : message;
    });
  }

  /** One transaction for all. A failure keeps the text for the next time: the final write tells it. */
  flush(): void {
    const taken: [ActiveAnswer, Part][] = [];
    for (const answer of this.#answers.values()) {
      const part = answer.pending();
      if (part) taken.push([answer, part]);
    }
    if (taken.length === 0) return;
    try {
      this.#flush(taken.map(([, part]) => part));
    } catch (error) {
      this.#logger.warn('partial answers could not be stored', { answers: taken.length, error });
      return;
    }
    for (const [answer, part] of taken) answer.stored(part);
  }
}
