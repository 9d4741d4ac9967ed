import type { HealthReport } from '../../../src-contract/health.ts';
import { ContentBody, ContentHead, ListBody, ListHead, Screen } from '../../frame/screen.tsx';
import { readHealth, useHealth } from '../../health-state.ts';
import { hrefFor, useRoute } from '../../route.ts';
import { Button } from '../../ui/button.tsx';
import { bytes, counted, duration, longTime } from '../../ui/format.ts';
import { ErrorBanner } from '../../ui/error-banner.tsx';
import { Facts } from '../../ui/parts.tsx';
import { RowLink, Rows, Section } from '../../ui/row.tsx';
import { ProgressRow } from '../../ui/progress-row.tsx';
import { useDelayed } from '../../ui/use-delayed.ts';
import './health.css';
import { Checks } from './parts/checks.tsx';
import { Logs } from './parts/logs.tsx';

/** State of everything with its remedies, and the log. */
export function HealthPage() {
  const { rest } = useRoute();
  const report = useHealth((state) => state.report);
  const open = report?.checks.filter((check) => check.state !== 'ok').length ?? 0;
  const logs = rest === 'logs';
  return (
    <Screen
      listLabel="Health sections"
      list={
        <>
          <ListHead title="Health" />
          <ListBody>
            <Rows label="Sections">
              <RowLink
                icon="health"
                title="Overview"
                href={hrefFor('health')}
                current={!logs}
                meta={open > 0 ? `${open} open` : undefined}
              />
              <RowLink icon="logs" title="Logs" href={hrefFor('health', 'logs')} current={logs} />
            </Rows>
            {report && (
              <>
                <Section title="This machine" />
                <Machine report={report} />
              </>
            )}
          </ListBody>
        </>
      }
    >
      {logs ? <Logs /> : <Overview />}
    </Screen>
  );
}

function Overview() {
  const { report, reading, error } = useHealth();
  const late = useDelayed(reading && report === null);
  return (
    <>
      <ContentHead
        title="Overview"
        after={
          report && (
            <span className="ink-3 small num cut">
              {`${counted(report.checks.length, 'check')}, last at ${longTime(report.at)}`}
            </span>
          )
        }
        end={
          <Button size="small" icon="retry" busy={reading} onClick={() => void readHealth()}>
            Check now
          </Button>
        }
      />
      <ContentBody className="health">
        {error && <ErrorBanner error={error} on={{ retry: () => void readHealth() }} />}
        {late && <ProgressRow what="Running the checks" />}
        {report && <Checks report={report} />}
      </ContentBody>
    </>
  );
}

function Machine({ report }: { readonly report: HealthReport }) {
  const { machine, at } = report;
  return (
    <Facts
      className="machine"
      rows={[
        ['Engine', `running, ${duration(Math.max(0, at - machine.engineStartedAt))}`],
        ['Memory', bytes(machine.engineMemoryBytes)],
        ['Store', `${bytes(machine.storeBytes)}, encrypted`],
        ['Disk free', bytes(machine.diskFreeBytes)],
        ['Last check', longTime(at)],
      ]}
    />
  );
}
