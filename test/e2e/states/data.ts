/** What the screens show: a team that looks after webhooks, in words of our own. */

export const runbooks: Readonly<Record<string, string>> = {
  'webhook-delivery.md': `# Webhook delivery

Every event is sent to the address that the account registered.

## When delivery fails

A delivery has failed when the receiver answers with anything but 2xx, or not within 10 seconds.

We try five times over about six hours. The first retry follows after 30 seconds, the second after 5 minutes, the third after 1 hour, the fourth after 5 hours.

After the last attempt the event is parked and the owner of the endpoint is alerted.

## Sending parked events again

Open the endpoint in the console, choose “Parked”, and send again in batches of at most 500. The order within one account is kept.
`,
  'on-call-handover.md': `# On-call handover

Wait for the third webhook retry before you page the owner. Most receivers are back by then.

Write down which endpoints are parked, and since when.
`,
  'incidents/late-webhooks.md': `# Late webhooks

Receivers saw events up to six hours late because the third retry was lost in a full queue.

What we changed: the queue refuses new work before it drops old work.
`,
  'export-nightly.md': `# Nightly export

Starts at 02:00 UTC. A retry of the export deletes what the first run wrote.
`,
  'a-folder/with-a-long-name-that-does-not-end/where-somebody-keeps-the-notes-of-the-second-review.md':
    '# Second review\n\nThe retry schedule was read aloud and nobody objected.\n',
};

export const serviceCode: Readonly<Record<string, string>> = {
  'src/delivery/retry.ts': `const DELAYS = [30, 300, 3_600];
const MAX_ATTEMPTS = 5;

export async function deliver(event: Event): Promise<void> {
  let attempt = 0;
  for (;;) {
    if (await send(event)) return;
    attempt += 1;
    if (attempt >= MAX_ATTEMPTS - 1) return giveUp(event);
    await wait(DELAYS[attempt] ?? 18_000);
  }
}
`,
  'src/delivery/send.ts':
    'export const send = (event: Event): Promise<boolean> => post(event.address, event.body);\n',
  'README.md': '# Delivery service\n\nSends webhooks and counts their retries.\n',
};

export const question =
  'What do our runbooks promise for webhook retries, and does the delivery service do what they say?';

/** With a table, code, a quotation, a long word and a wide line: what an answer may bring. */
export const fullAnswer = `Not quite. The runbook promises **five attempts over about six hours** [1], and asks to wait for the third retry before anybody is paged [2]. The service stops after four.

| Attempt | Runbook | Code | Difference |
|---|---|---|---|
| 1 to 3 | 30 s, 5 min, 1 h | 30 s, 5 min, 1 h | none |
| 4 | 5 h | gives up | no retry |
| 5 | the owner is alerted | never | missing |

The limit is off by one: the check runs after the counter has grown.

\`\`\`ts
attempt += 1;
if (attempt >= MAX_ATTEMPTS - 1) return giveUp(event); // should be: attempt >= MAX_ATTEMPTS
await wait(DELAYS[attempt] ?? 18_000);
\`\`\`

> After the last attempt the event is parked and the owner of the endpoint is alerted.

1. Compare with \`MAX_ATTEMPTS\` alone.
2. Add a test for the fifth attempt.
`;

/** Conversations of the list; their titles are their first questions. */
export const others: readonly (readonly [question: string, answer: string])[] = [
  ['Slow nightly export', 'The export waits for a lock that the clean-up job holds until 02:40.'],
  [
    'Two queue designs: one queue for each account, or one for all with a fair share',
    'One queue for each account keeps the order without locks, and costs a little memory.',
  ],
  ['Flaky import test', 'A second retry hides the race: the file handle is still open.'],
  [
    'Glossary of billing words',
    'An invoice is sent, a receipt is given, a credit note takes back.',
  ],
];
