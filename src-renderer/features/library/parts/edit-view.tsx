import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { ItemDetail } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { bytes } from '../../../ui/format.ts';
import { Empty } from '../../../ui/parts.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { StateIcon } from '../../../ui/state.tsx';
import { modifierKey } from '../../../frame/platform.ts';
import { setDraft, useKept } from '../kept-state.ts';
import { toLf } from '../line-ends.ts';
import { CHANGED_MEANWHILE, dropDraft, saveDraft } from '../save-item.ts';
import { usePreview } from '../use-preview.ts';
import { ChangedMeanwhile } from './changed-meanwhile.tsx';
import { ItemText } from './item-text.tsx';
import { SourceBox } from './source-box.tsx';

/** The source beside what it becomes. Only for what is text. */
export function EditView({ item }: { readonly item: ItemDetail }): ReactNode {
  if (item.source === null) {
    return (
      <Empty icon="file" title="It can’t be edited here">
        {item.state === 'deleted'
          ? 'It was deleted here. Put it back to edit it.'
          : `It is not a text, or too large for this editor (${bytes(item.size)}). Edit its file with another program: Carrel sees the change.`}
      </Empty>
    );
  }
  return <Editor item={item} source={item.source} />;
}

function Editor({
  item,
  source,
}: {
  readonly item: ItemDetail;
  readonly source: string;
}): ReactNode {
  const { path, oid } = item;
  const draft = useKept((state) => state.drafts[path]);
  const durable = useKept((state) => state.durable);
  const saved = toLf(source);
  const text = draft?.text ?? saved;
  const { parsed, error: unread } = usePreview(item, text);
  const [pane, setPane] = useState<'write' | 'preview'>('write');
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);
  const moved = draft !== undefined && draft.base !== oid;

  async function save(): Promise<void> {
    if (saving || !draft) return;
    setSaving(true);
    const failure = await saveDraft(path, source);
    // The notice above says it, with the ways out.
    setError(failure?.code === CHANGED_MEANWHILE ? null : failure);
    setSaving(false);
  }

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    if (!moved) void save();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);

  return (
    <div className="edit" data-pane={pane}>
      {moved && <ChangedMeanwhile item={item} source={source} draft={draft} />}
      {error && <ErrorBanner error={error} on={{ retry: () => void save() }} />}
      <div className="edit-panes">
        <div className="edit-write">
          <SourceBox
            label={`Source of ${item.name}`}
            value={text}
            invalid={parsed.problems.length > 0}
            onText={(next) =>
              setDraft(
                path,
                next === saved && !moved ? null : { text: next, base: draft ? draft.base : oid },
              )
            }
          />
        </div>
        <section className="edit-preview" aria-label="Preview">
          {unread && <ErrorBanner error={unread} stacked />}
          <Problems problems={parsed.problems} />
          <ItemText
            path={path}
            kind={item.kind}
            parsed={parsed}
            facts={[['Name', <VisibleText key="name" text={parsed.name} />]]}
          />
        </section>
      </div>
      <div className="view-foot">
        <span className="only-narrow">
          <Segment
            name="Show"
            value={pane}
            onChange={setPane}
            options={[
              { value: 'write', label: 'Write' },
              { value: 'preview', label: 'Preview' },
            ]}
          />
        </span>
        {draft ? (
          <StateIcon tone="plain" icon="edited">
            {durable ? 'Not saved' : 'Not saved, and kept only while this window is open'}
          </StateIcon>
        ) : (
          <StateIcon tone="ok">Saved</StateIcon>
        )}
        <div className="end">
          {!draft && <span className="ink-3 small">Nothing to save.</span>}
          {draft && (
            <Button kind="quiet" icon="undo" onClick={() => dropDraft(path)}>
              Drop this text
            </Button>
          )}
          <Button
            kind="primary"
            busy={saving}
            disabled={!draft || moved}
            title={`${modifierKey()} S`}
            onClick={() => void save()}
          >
            Save
          </Button>
        </div>
      </div>
    </div>
  );
}

function Problems({ problems }: { readonly problems: readonly string[] }): ReactNode {
  return (
    <div role="status">
      {problems.length > 0 && (
        <ul className="edit-problems" aria-label="Problems">
          {problems.map((problem) => (
            <li key={problem}>
              <StateIcon tone="warn">
                <VisibleText text={problem} />
              </StateIcon>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
