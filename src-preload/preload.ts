import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { CarrelBridge } from '../src-contract/bridge.ts';
import type { EngineState } from '../src-contract/protocol.ts';
import { EngineConnection } from './engine-connection.ts';

const connection = new EngineConnection();
let engineState: EngineState = { kind: 'starting' };
const engineListeners = new Set<(state: EngineState) => void>();

// The port stays in here: the page gets functions only.
ipcRenderer.on('carrel:port', (event, generation: number) => {
  const port = event.ports[0];
  if (port) connection.connect(port, generation);
});
ipcRenderer.on('carrel:engine', (_event, state: EngineState) => {
  engineState = state;
  connection.engineIs(state);
  for (const listener of engineListeners) listener(state);
});

const bridge: CarrelBridge = {
  call: (route, input) => connection.call(route, input),
  stream: (route, input, onEvents, onEnd) => connection.stream(route, input, onEvents, onEnd),
  onEngine: (listener) => {
    engineListeners.add(listener);
    listener(engineState);
    return () => engineListeners.delete(listener);
  },
  retryEngine: () => ipcRenderer.send('carrel:retry-engine'),
  pathForFile: (file) => webUtils.getPathForFile(file),
  platform: process.platform,
};

contextBridge.exposeInMainWorld('carrel', bridge);
