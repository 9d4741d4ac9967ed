/** A worker that never gets as far as serving. */
throw new Error('can not start');
