import type { Check, HealthReport } from '../../../../src-contract/health.ts';
import { readHealth } from '../../../health-state.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Remedies } from '../../../ui/error-banner.tsx';
import { counted } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { overall, valueOf } from '../check-words.ts';

/** What needs the person first, worst first, then all that is fine. */
export function Checks({ report }: { readonly report: HealthReport }) {
  const { title, text } = overall(report);
  const fine = report.checks.filter((check) => check.state === 'ok');
  const open = report.checks
    .filter((check) => check.state !== 'ok')
    .toSorted((a, b) => Number(b.state === 'fail') - Number(a.state === 'fail'));
  return (
    <section className="checks" aria-label="Checks">
      <div className="overall">
        <Icon name={report.state} size={32} className={report.state} />
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      {open.map((check) => (
        <Issue key={check.id} check={check} />
      ))}
      {fine.length > 0 && (
        <>
          <h3 className="sub-h">{`${counted(fine.length, 'check is', 'checks are')} fine`}</h3>
          <ul aria-label="Checks that are fine">
            {fine.map((check) => (
              <li key={check.id} className="pass">
                <Icon name="ok" className="ok" />
                <span className="cut" title={check.message}>
                  {check.title}
                </span>
                <span className="v num cut">{valueOf(check) || check.message}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Issue({ check }: { readonly check: Check }) {
  const value = valueOf(check);
  return (
    <Banner
      stacked
      tone={check.state === 'fail' ? 'fail' : 'warn'}
      title={value === '' ? check.title : `${check.title}: ${value}`}
      {...(check.action === null
        ? {}
        : {
            actions: (
              <Remedies
                action={check.action}
                {...(check.action === 'retry' ? { on: { retry: () => void readHealth() } } : {})}
              />
            ),
          })}
    >
      {[check.message, check.remedy].filter(Boolean).join(' ')}
    </Banner>
  );
}
