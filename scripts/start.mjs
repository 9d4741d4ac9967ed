// npm start [-- --web]: on the Node that the repository brings.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Use "npm start": it brings Node 24 (this is ${process.versions.node}). If npm says this too, run "npm ci" first.`,
  );
  process.exit(1);
}
await import('./start.ts');
