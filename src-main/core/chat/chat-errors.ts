import { AppError } from '../../../src-contract/app-error.ts';
import { MAX_MESSAGE_CHARS } from '../../../src-contract/limits.ts';

export function unknownConversation(): AppError {
  return new AppError('chat/unknown-conversation', 'This conversation does not exist any more.', {
    remedy: 'Choose another one from the list, or begin a new one.',
  });
}

export function unknownMessage(): AppError {
  return new AppError('chat/unknown-message', 'This message is not part of the conversation.', {
    remedy: 'Open the conversation again.',
  });
}

export function notAnAnswer(): AppError {
  return new AppError('chat/not-an-answer', 'Only an answer can be regenerated.', {
    remedy: 'Choose the answer below the question.',
  });
}

export function badParent(): AppError {
  return new AppError('chat/bad-parent', 'A question follows an answer, not another question.', {
    remedy: 'Choose the answer that it shall follow.',
  });
}

export function busy(): AppError {
  return new AppError('chat/busy', 'The answer before is still being written.', {
    remedy: 'Wait until it ends, or stop it.',
  });
}

export function tooLong(chars: number): AppError {
  return new AppError(
    'chat/too-long',
    `This message has ${chars} characters; ${MAX_MESSAGE_CHARS} are allowed.`,
    {
      remedy: 'Shorten it, or add long text to Knowledge and ask about it there.',
      action: 'open-knowledge',
    },
  );
}

export function tooManyAnswers(): AppError {
  return new AppError('chat/too-many-answers', 'Too many answers are being written at once.', {
    remedy: 'Wait until some of them end, or stop them.',
    action: 'retry',
  });
}

export function unknownAgent(name: string): AppError {
  return new AppError('chat/unknown-agent', `There is no agent "${name.slice(0, 80)}".`, {
    remedy: 'Choose one of the library, or go on without.',
    action: 'open-library',
  });
}

export function closing(): AppError {
  return new AppError('chat/closing', 'Carrel is being closed.', {
    remedy: 'Start it again; what was written is stored.',
  });
}
