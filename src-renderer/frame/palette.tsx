import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { cx } from '../ui/cx.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { count, counted } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Key, Marked } from '../ui/parts.tsx';
import { FilterChip } from '../ui/state.tsx';
import { marksOf, readSnippet } from './palette-match.ts';
import { KINDS, type Entry, type Kind } from './palette-sources.ts';
import { usePaletteList } from './palette-state.ts';

/** Everything by name: commands, conversations, items, collections, settings. The first row is ready for Enter. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [only, setOnly] = useState<Kind | null>(null);
  const [at, setAt] = useState(0);
  const { groups, total, error } = usePaletteList(query, only);
  const rows = groups.flatMap((group) => group.entries);
  const active = Math.min(at, rows.length - 1);

  function run(entry: Entry | undefined): void {
    if (!entry) return;
    onClose();
    entry.run();
  }

  function move(to: number): void {
    const next = (to + rows.length) % rows.length;
    setAt(next);
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: 'nearest' });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || rows.length === 0) return;
    if (event.key === 'ArrowDown') move(active + 1);
    else if (event.key === 'ArrowUp') move(active - 1);
    else if (event.key === 'Enter') run(rows[active]);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog
      title="Command palette"
      titleHidden
      className="palette"
      onClose={onClose}
      initialFocus={input}
    >
      <div className="ask">
        <Icon name="search" />
        <input
          ref={input}
          className="grow"
          role="combobox"
          aria-label="Search or run a command"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder="Search or run a command"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="filters">
        <FilterChip pressed={only === null} onPress={() => setOnly(null)}>
          Everything
        </FilterChip>
        {KINDS.map((kind) => (
          <FilterChip key={kind} pressed={only === kind} onPress={() => setOnly(kind)}>
            {kind}
          </FilterChip>
        ))}
        <span className="ink-3 small num ml-auto" role="status">
          {counted(total, 'result')}
        </span>
      </div>
      {(error !== null || rows.length === 0) && (
        <div className="p-2">
          {error && <ErrorBanner error={error} stacked />}
          {rows.length === 0 && (
            <p className="px-2 py-4 ink-2">Nothing has these words. Try fewer, or Everything.</p>
          )}
        </div>
      )}
      <div
        className="results"
        id={`${id}-list`}
        // A list box without options is none.
        role={rows.length === 0 ? 'presentation' : 'listbox'}
        aria-label={rows.length === 0 ? undefined : 'Results'}
        hidden={rows.length === 0}
        ref={list}
        tabIndex={-1}
      >
        {groups.map((group) => (
          <div key={group.kind} role="group" aria-label={group.kind}>
            <div className="section">
              <span>{group.kind}</span>
              {group.total > group.entries.length && (
                <span className="end num">{`${count(group.entries.length)} of ${count(group.total)}`}</span>
              )}
            </div>
            {group.entries.map((entry) => {
              const index = rows.indexOf(entry);
              return (
                <PaletteRow
                  key={entry.id}
                  id={`${id}-${index}`}
                  at={index}
                  entry={entry}
                  query={query}
                  active={index === active}
                  onRun={() => run(entry)}
                />
              );
            })}
          </div>
        ))}
      </div>
      <div className="keys">
        <span>
          <Key>↑</Key> <Key>↓</Key> move
        </span>
        <span>
          <Key>Enter</Key> open or run
        </span>
        <span>
          <Key>Tab</Key> narrow
        </span>
        <span className="ml-auto">
          <Key>Esc</Key> close
        </span>
      </div>
    </Dialog>
  );
}

interface PaletteRowProps {
  readonly id: string;
  readonly at: number;
  readonly entry: Entry;
  readonly query: string;
  readonly active: boolean;
  readonly onRun: () => void;
}

function PaletteRow({ id, at, entry, query, active, onRun }: PaletteRowProps) {
  const snippet = entry.snippet === undefined ? null : readSnippet(entry.snippet);
  return (
    // The keys belong to the combobox above, which owns this list.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      data-at={at}
      className={cx('row', snippet && 'two')}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      onClick={onRun}
    >
      <Icon name={entry.icon} />
      <span className={snippet ? 'lines' : 'cut'}>
        <span className="cut">
          <Marked text={entry.title} marks={marksOf(entry.title, query)} />
        </span>
        {snippet && (
          <span className="cut">
            <Marked text={snippet.text} marks={snippet.marks} />
          </span>
        )}
      </span>
      <span className="where">
        <span className="cut">{entry.where}</span>
      </span>
    </div>
  );
}
