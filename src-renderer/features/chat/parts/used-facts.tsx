import type { ReactNode } from 'react';
import type { Used } from '../../../../src-contract/chat.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { count, duration } from '../../../ui/format.ts';
import { Facts } from '../../../ui/parts.tsx';
import { providerOf, routeLabel } from '../labels.ts';

/** How an answer came about. What is not known is said to be not known, or left out where there is nothing to know. */
export function UsedFacts({ used }: { readonly used: Used }): ReactNode {
  const provider = providerOf(used.route);
  return (
    <section className="used" aria-label="What was used">
      <h2>What was used</h2>
      <Facts
        rows={[
          ['Agent', used.agent && <VisibleText key="agent" text={used.agent} />],
          ['Route', <VisibleText key="route" text={routeLabel(used.route)} />],
          ['Provider', provider ?? 'none, on this machine'],
          [
            'Knowledge',
            used.collections.length > 0 ? (
              <VisibleText key="knowledge" text={used.collections.join(', ')} />
            ) : null,
          ],
          ['Steps', used.steps.length > 0 ? <StepList key="steps" used={used} /> : null],
          ['Tokens', tokens(used)],
          ['Cost', provider === null ? null : cost(used.cost)],
          ['Time', time(used)],
        ]}
      />
    </section>
  );
}

function StepList({ used }: { readonly used: Used }): ReactNode {
  return (
    <ol>
      {used.steps.map((step, i) => (
        // Stored steps never change.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={i}>
          <VisibleText text={step.text} />
          {step.ms !== null && <span className="ink-3"> {duration(step.ms)}</span>}
        </li>
      ))}
    </ol>
  );
}

function tokens({ usage, route }: Used): string | null {
  if (providerOf(route) === null) return null;
  if (!usage) return 'not reported';
  const about = usage.estimated ? 'about ' : '';
  return `${about}${count(usage.inputTokens)} in, ${count(usage.outputTokens)} out`;
}

/** Below a cent the digits that matter come later. */
export function cost(dollars: number | null): string {
  if (dollars === null) return 'price not known';
  return `$${dollars > 0 && dollars < 0.01 ? dollars.toPrecision(2) : dollars.toFixed(2)}`;
}

function time({ timings }: Used): string | null {
  if (!timings) return null;
  const first = timings.firstTokenMs;
  return first === null
    ? `all ${duration(timings.totalMs)}`
    : `first word ${duration(first)}, all ${duration(timings.totalMs)}`;
}
