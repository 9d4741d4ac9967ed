import { useEffect, useRef, useState } from 'react';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { DetectedProvider } from '../../../../src-contract/providers.ts';
import { addProvider, type AddingProvider } from '../../../add-provider.ts';
import { asAppError, call } from '../../../bridge.ts';
import { addressProblem, providerIdFor } from '../../../providers-state.ts';
import { RadioCard } from '../../../ui/choice.tsx';
import { counted, duration } from '../../../ui/format.ts';
import { Running } from '../../../ui/icon.tsx';
import { Input, Secret } from '../../../ui/input.tsx';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { Badge } from '../../../ui/state.tsx';
import { useDelayed } from '../../../ui/use-delayed.ts';
import { finishStep } from '../first-start-state.ts';
import { ModelChecks } from './model-checks.tsx';
import { StepError, StepFrame } from './step-frame.tsx';

const WITH_KEY = 'with-key';
const READER = 'library-reader';
const DEFAULT_ADDRESS = 'https://api.openai.com/v1';

export function ProviderStep() {
  const [found, setFound] = useState<readonly DetectedProvider[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [models, setModels] = useState<Readonly<Record<string, readonly string[]>>>({});
  const [address, setAddress] = useState(DEFAULT_ADDRESS);
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const running = useRef<AddingProvider>(null);
  const late = useDelayed(busy);
  const looking = useDelayed(found === null);

  useEffect(() => {
    call('providers.detect', {}).then(
      (answer) => {
        setFound(answer.found);
        setModels(Object.fromEntries(answer.found.map((each) => [each.id, each.models])));
      },
      (failure: unknown) => {
        setFound([]);
        setError(asAppError(failure));
      },
    );
  }, []);

  const choice = chosen ?? found?.[0]?.id ?? READER;
  const server = found?.find((each) => each.id === choice);
  const id = choice === WITH_KEY ? providerIdFor(address) : choice;
  const wrong = address === '' ? null : addressProblem(address);

  async function onGo(): Promise<void> {
    if (choice === READER) {
      finishStep('Library reader, offline');
      return;
    }
    if (id === null) return;
    setBusy(true);
    setError(null);
    try {
      const adding = addProvider({
        id,
        baseUrl: server?.baseUrl ?? address.trim(),
        ...(key.trim() !== '' && !server ? { key: key.trim() } : {}),
        ...(server ? { models: [...(models[server.id] ?? [])] } : {}),
      });
      running.current = adding;
      const added = await adding.done;
      if (added?.error) setError(AppError.fromShape(added.error));
      else if (added) {
        finishStep(`${server?.label ?? added.id}, ${counted(added.models.length, 'model')}`);
      }
    } catch (failure) {
      setError(asAppError(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <StepFrame
      title="Choose a provider"
      lead="Start with one. You can add more later, and choose for each conversation who answers."
      go={
        choice === READER
          ? 'Use Library reader'
          : `Use ${server?.label ?? 'this provider'} and go on`
      }
      onGo={() => void onGo()}
      busy={busy}
      blocked={blockedBecause({ withKey: choice === WITH_KEY, id, wrong, server, models })}
    >
      <div className="opts mt-6" role="radiogroup" aria-label="Provider">
        {looking && (
          <p className="state">
            <Running />
            Looking for model servers on this machine
          </p>
        )}
        {found?.map((each) => (
          <RadioCard
            key={each.id}
            group="provider"
            title={`${each.label} on this machine`}
            text={`Found at ${hostOf(each.baseUrl)}. Works offline, nothing is sent.`}
            badge={<Badge tone="ok">{`Answers in ${duration(each.ms)}`}</Badge>}
            checked={choice === each.id}
            disabled={busy}
            onChoose={() => setChosen(each.id)}
          >
            <ModelChecks
              server={each}
              chosen={models[each.id] ?? []}
              onChange={(next) => {
                setChosen(each.id);
                setModels({ ...models, [each.id]: next });
              }}
            />
          </RadioCard>
        ))}
        <RadioCard
          group="provider"
          title="A provider with a key"
          text="OpenAI, Mistral, OpenRouter, your company’s own: any address that speaks the OpenAI protocol."
          checked={choice === WITH_KEY}
          disabled={busy}
          onChoose={() => setChosen(WITH_KEY)}
        >
          <div className="grid gap-2">
            <Input
              label="Address"
              type="url"
              spellCheck={false}
              value={address}
              disabled={busy}
              error={choice === WITH_KEY ? wrong : null}
              onFocus={() => setChosen(WITH_KEY)}
              onChange={(event) => setAddress(event.target.value)}
            />
            <Secret
              label="Key"
              placeholder="Paste a key"
              hint="It goes into the encrypted vault, never into a file that can be read."
              value={key}
              disabled={busy}
              onFocus={() => setChosen(WITH_KEY)}
              onChange={(event) => setKey(event.target.value)}
            />
          </div>
        </RadioCard>
        <RadioCard
          group="provider"
          title="Library reader, offline"
          text="No model. Finds and shows the passages that answer, word for word."
          checked={choice === READER}
          disabled={busy}
          onChoose={() => setChosen(READER)}
        />
      </div>
      {late && (
        <div className="mt-4">
          <ProgressRow
            what={`Asking ${server?.label ?? address.trim()}`}
            onCancel={() => running.current?.cancel()}
          />
        </div>
      )}
      {error && (
        <div className="mt-4">
          <StepError error={error} onRetry={() => void onGo()} />
        </div>
      )}
    </StepFrame>
  );
}

function blockedBecause({
  withKey,
  id,
  wrong,
  server,
  models,
}: {
  readonly withKey: boolean;
  readonly id: string | null;
  readonly wrong: string | null;
  readonly server: DetectedProvider | undefined;
  readonly models: Readonly<Record<string, readonly string[]>>;
}): string | null {
  if (withKey && (id === null || wrong !== null)) return 'Enter an address to go on.';
  if (server && (models[server.id] ?? []).length === 0) return 'Choose at least one model.';
  return null;
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}
