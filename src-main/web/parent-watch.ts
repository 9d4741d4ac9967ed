/** A second after its parent this process ends as well: soon enough for a person, seldom enough for idle. */
const LOOK_EVERY_MS = 1_000;

/**
 * Calls back once when the process that started this one is gone: its IPC channel closed, or the
 * process itself no longer there. Returns the way to stop looking.
 */
export function watchParent(onGone: () => void): () => void {
  const parent = process.ppid;
  let timer: NodeJS.Timeout | null = null;
  const gone = (): void => {
    stop();
    onGone();
  };
  const stop = (): void => {
    if (timer) clearInterval(timer);
    process.off('disconnect', gone);
  };
  process.once('disconnect', gone);
  timer = setInterval(() => {
    // On POSIX an orphan gets another parent; on Windows it keeps the id of the dead one.
    if (process.ppid !== parent || !isAlive(parent)) gone();
  }, LOOK_EVERY_MS);
  timer.unref();
  return stop;
}

function isAlive(pid: number): boolean {
  // The parent of a container's first process has no number here.
  if (pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
