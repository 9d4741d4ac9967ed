import { useEffect, useEffectEvent } from 'react';
import { create } from 'zustand';
import type { Topic } from '../src-contract/app.ts';
import type { EngineState } from '../src-contract/protocol.ts';
import { onEngineState, stream, type Streaming } from './bridge.ts';

/** What a screen has to read again, and how the engine does. */
export interface WatchState {
  readonly engine: EngineState;
  /** True after a restart until the person has seen the notice. */
  readonly restarted: boolean;
  /** Goes up when the engine says that a topic changed, and for all after a restart: events may have been missed. */
  readonly versions: Readonly<Record<Topic, number>>;
}

const TOPICS: readonly Topic[] = [
  'chat',
  'knowledge',
  'library',
  'providers',
  'settings',
  'health',
];

export const useWatch = create<WatchState>(() => ({
  engine: { kind: 'starting' },
  restarted: false,
  versions: { chat: 0, knowledge: 0, library: 0, providers: 0, settings: 0, health: 0 },
}));

/** Begins to watch; called once by the app. Returns the way to stop. */
export function startWatching(): () => void {
  let watching: Streaming | null = null;
  let wasRunning = false;

  function open(): void {
    const mine = stream('app.watch', {}, ({ topic }) => bump([topic]));
    watching = mine;
    mine.done
      .catch(() => undefined)
      .finally(() => {
        // Ended with its engine: the next "running" opens it again.
        if (watching === mine) watching = null;
      });
  }

  const stop = onEngineState((engine) => {
    useWatch.setState({ engine });
    if (engine.kind !== 'running') {
      watching = null;
      return;
    }
    if (watching) return;
    open();
    if (wasRunning) {
      useWatch.setState({ restarted: true });
      bump(TOPICS);
    }
    wasRunning = true;
  });
  return () => {
    stop();
    watching?.cancel();
  };
}

/** A number that changes whenever what `topic` names has to be read again: put it into an effect's dependencies. */
export function useTopic(topic: Topic): number {
  return useWatch((state) => state.versions[topic]);
}

/** Reads now, and again whenever one of `topics` changed. `read` may change between renders. */
export function useReading(read: () => void, ...topics: readonly Topic[]): void {
  const run = useEffectEvent(read);
  const watched = topics.join();
  useEffect(() => {
    run();
    const wanted = TOPICS.filter((topic) => watched.split(',').includes(topic));
    return useWatch.subscribe((state, before) => {
      if (wanted.some((topic) => state.versions[topic] !== before.versions[topic])) run();
    });
  }, [watched]);
}

/** Calls back on each change of `topic`, outside React. Returns the way to stop. */
export function onTopic(topic: Topic, cb: () => void): () => void {
  return useWatch.subscribe((state, before) => {
    if (state.versions[topic] !== before.versions[topic]) cb();
  });
}

export function dismissRestarted(): void {
  useWatch.setState({ restarted: false });
}

function bump(topics: readonly Topic[]): void {
  useWatch.setState(({ versions }) => {
    const next = { ...versions };
    for (const topic of topics) next[topic] += 1;
    return { versions: next };
  });
}
