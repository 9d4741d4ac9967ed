import './theme/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyTheme, lastTheme } from './theme/theme.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

applyTheme(lastTheme());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
