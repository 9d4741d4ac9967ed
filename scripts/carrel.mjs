// npm run -s carrel -- <arguments>: the command line on the Node that the repository brings.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Use "npm run -s carrel -- …": it brings Node 24; this is ${process.versions.node}.`,
  );
  process.exit(1);
}
await import('./carrel.ts');
