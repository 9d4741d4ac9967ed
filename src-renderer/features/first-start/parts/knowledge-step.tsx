import { useState } from 'react';
import {
  addKnowledge,
  cancelAdding,
  dismissAdding,
  useAdding,
} from '../../../adding/adding-state.ts';
import { AddingRows } from '../../../adding/adding-rows.tsx';
import { DropArea } from '../../../adding/drop-area.tsx';
import { nameOf, type Given } from '../../../adding/read-drop.ts';
import { Button } from '../../../ui/button.tsx';
import { counted } from '../../../ui/format.ts';
import { Input } from '../../../ui/input.tsx';
import { finishStep, useFirstStart } from '../first-start-state.ts';
import { StepFrame } from './step-frame.tsx';

export function KnowledgeStep() {
  const [given, setGiven] = useState<Given | null>(null);
  const [name, setName] = useState('');
  const adding = useAdding((state) => state.adding);
  const running = adding?.phase === 'running';

  function start(): void {
    if (given) void addKnowledge(name.trim(), given);
  }

  function onGo(): void {
    if (!adding) {
      start();
      return;
    }
    useFirstStart.setState({ collection: adding.collection });
    finishStep(`${adding.collection}, ${counted(adding.indexed, 'file')}`);
    dismissAdding();
  }

  return (
    <StepFrame
      title="Add something to cite from"
      lead="Choose a folder. Carrel indexes it on this machine, and answers cite the file and the line."
      go={goWord(Boolean(given), adding?.phase ?? null)}
      onGo={onGo}
      busy={running}
      done={adding?.phase === 'done'}
      blocked={blockedBecause(given, name, adding?.phase ?? null)}
    >
      <div className="mt-6 grid gap-4">
        {!given && (
          <DropArea
            onGiven={(next) => {
              setGiven(next);
              setName(nameOf(next));
            }}
          />
        )}
        {given && !adding && (
          <div className="card plain-head grid gap-3">
            <p>{wordsOf(given)}</p>
            <Input
              label="Name of the collection"
              value={name}
              maxLength={120}
              onChange={(event) => setName(event.target.value)}
            />
            <div>
              <Button size="small" kind="quiet" onClick={() => setGiven(null)}>
                Choose something else
              </Button>
            </div>
          </div>
        )}
        {adding && (
          <div className="card plain-head">
            <AddingRows
              adding={adding}
              onRetry={() => {
                cancelAdding();
                start();
              }}
            />
          </div>
        )}
        {adding?.phase === 'cancelled' && (
          <div>
            <Button
              onClick={() => {
                dismissAdding();
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

type Phase = 'running' | 'done' | 'cancelled' | 'failed' | null;

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

function wordsOf(given: Given): string {
  if (given.kind === 'paths') {
    const first = given.paths[0] ?? '';
    return given.paths.length === 1
      ? first
      : `${first} and ${counted(given.paths.length - 1, 'more', 'more')}`;
  }
  const files = counted(given.files.length, 'file');
  return given.cut
    ? `The first ${files}. A folder this large is better picked by its path: then Carrel reads all of it.`
    : `${files} to send into the encrypted store.`;
}
