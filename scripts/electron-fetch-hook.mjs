// Loaded before Electron's install script (`node --import`): tells the starter what its download
// does, which the script itself shows only after half a minute.
const EVERY_MS = 200;
const fetchBefore = globalThis.fetch;
const tell = (message) => process.send?.(message);

globalThis.fetch = async (input, init) => {
  let response;
  try {
    response = await fetchBefore(input, init);
  } catch (error) {
    tell({ t: 'failed', reason: error.cause?.message || error.message });
    throw error;
  }
  if (!response.ok) tell({ t: 'failed', reason: `the server answered ${response.status}` });
  const total = Number(response.headers.get('content-length')) || 0;
  let received = 0;
  let timer = null;
  const report = () => {
    clearTimeout(timer);
    timer = null;
    tell({ t: 'bytes', received, total });
  };
  report();
  const count = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      timer ??= setTimeout(report, EVERY_MS);
      controller.enqueue(chunk);
    },
    flush: report,
  });
  const { status, statusText, headers } = response;
  return new Response(response.body?.pipeThrough(count), { status, statusText, headers });
};
