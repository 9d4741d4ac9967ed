import { useState } from 'react';
import { addTo, dismissJob, useJobs, type Job } from '../../../adding/jobs-state.ts';
import { AddingRows } from '../../../adding/adding-rows.tsx';
import { DropArea } from '../../../adding/drop-area.tsx';
import { MAX_NAME_CHARS, nameOf, wordsOf, type Given } from '../../../adding/read-drop.ts';
import { Button } from '../../../ui/button.tsx';
import { counted } from '../../../ui/format.ts';
import { Input } from '../../../ui/input.tsx';
import { finishStep, useFirstStart } from '../first-start-state.ts';
import { StepFrame } from './step-frame.tsx';

export function KnowledgeStep() {
  const [given, setGiven] = useState<Given | null>(null);
  const [name, setName] = useState('');
  // The newest one: going back and forth between the steps does not lose it.
  const job = useJobs((state) => state.jobs.at(-1) ?? null);
  const running = job?.phase === 'running';

  function start(): void {
    if (job) dismissJob(job.id);
    if (given) addTo(name.trim(), given);
  }

  function onGo(): void {
    if (!job) {
      start();
      return;
    }
    useFirstStart.setState({ collection: job.collection });
    finishStep(`${job.collection}, ${counted(job.indexed, 'file')}`);
    dismissJob(job.id);
  }

  return (
    <StepFrame
      title="Add something to cite from"
      lead="Choose a folder. Carrel indexes it on this machine, and answers cite the file and the line."
      go={goWord(Boolean(given), job?.phase ?? null)}
      onGo={onGo}
      busy={running}
      done={job?.phase === 'done'}
      blocked={blockedBecause(given, name, job?.phase ?? null)}
    >
      <div className="mt-6 grid gap-4">
        {!given && (
          <DropArea
            given={null}
            onGiven={(next) => {
              setGiven(next);
              setName(nameOf(next));
            }}
          />
        )}
        {given && !job && (
          <div className="card plain-head grid gap-3">
            <p>{wordsOf(given)}</p>
            <Input
              label="Name of the collection"
              value={name}
              maxLength={MAX_NAME_CHARS}
              onChange={(event) => setName(event.target.value)}
            />
            <div>
              <Button size="small" kind="quiet" onClick={() => setGiven(null)}>
                Choose something else
              </Button>
            </div>
          </div>
        )}
        {job && (
          <div className="card plain-head">
            <AddingRows job={job} onRetry={start} />
          </div>
        )}
        {job?.phase === 'cancelled' && (
          <div>
            <Button
              onClick={() => {
                dismissJob(job.id);
                setGiven(null);
              }}
            >
              Choose something else
            </Button>
          </div>
        )}
      </div>
    </StepFrame>
  );
}

type Phase = Job['phase'] | null;

function goWord(given: boolean, phase: Phase): string {
  if (phase === 'running') return 'Indexing';
  if (phase !== null) return 'Go to Chat';
  return given ? 'Add and index' : 'Add';
}

function blockedBecause(given: Given | null, name: string, phase: Phase): string | null {
  if (phase !== null) return null;
  if (!given) return 'Choose a folder to add it.';
  return name.trim() === '' ? 'Give the collection a name.' : null;
}
