import { useEffect, type ReactNode } from 'react';
import type { Collection, KnowledgeFile } from '../../../../src-contract/knowledge.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { bytes, count, counted } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Empty } from '../../../ui/parts.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { StateIcon } from '../../../ui/state.tsx';
import { PAGE, readFiles, useFiles } from '../files-state.ts';
import { openDocument } from '../search-state.ts';

/** Files of a collection with their state, 200 at a time. */
export function FilesTab({ collection }: { readonly collection: Collection }): ReactNode {
  const state = useFiles();
  const { name, files: fileCount, failed, state: indexState } = collection;
  const present = state.collection === name;
  const { only, offset } = present ? state : { only: 'all' as const, offset: 0 };
  useEffect(() => {
    // Counts are dependencies: they change while files are being indexed.
    if (fileCount >= 0 && failed >= 0 && indexState) void readFiles(name, only, offset);
  }, [name, only, offset, fileCount, failed, indexState]);
  if (!present) return null;
  const { files, total } = state;
  return (
    <>
      <div className="files-bar">
        <Segment
          name="Which files"
          value={only}
          onChange={(value) => void readFiles(name, value, 0)}
          options={[
            { value: 'all', label: 'All' },
            { value: 'problems', label: 'With problems' },
          ]}
        />
        <span className="grow" />
        {total > 0 && (
          <span className="ink-3 small num">
            {count(offset + 1)} to {count(offset + files.length)} of {counted(total, 'file')}
          </span>
        )}
        <IconButton
          icon="left"
          name="Previous files"
          disabled={offset === 0}
          onClick={() => void readFiles(name, only, Math.max(0, offset - PAGE))}
        />
        <IconButton
          icon="right"
          name="Next files"
          disabled={offset + files.length >= total}
          onClick={() => void readFiles(name, only, offset + PAGE)}
        />
      </div>
      {state.error && (
        <div className="knowledge-error">
          <ErrorBanner
            error={state.error}
            on={{ retry: () => void readFiles(name, only, offset) }}
          />
        </div>
      )}
      <div className="files">
        {files.length === 0 && !state.error ? (
          <Empty
            icon={only === 'problems' ? 'ok' : 'file'}
            title={only === 'problems' ? 'No file has a problem' : 'No files yet'}
          />
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">State</th>
                <th scope="col" className="right">
                  Passages
                </th>
                <th scope="col" className="right">
                  Size
                </th>
              </tr>
            </thead>
            <tbody>
              {files.map((file) => (
                <FileRow key={file.path} file={file} collection={name} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}

function FileRow({
  file,
  collection,
}: {
  readonly file: KnowledgeFile;
  readonly collection: string;
}): ReactNode {
  const open = (): void => void openDocument(collection, file.path, 1);
  return (
    <tr>
      <td className="path">
        {file.state === 'indexed' ? (
          <Button kind="quiet" size="tiny" title={file.path} onClick={open}>
            <span className="cut">{file.path}</span>
          </Button>
        ) : (
          <span className="name">{file.path}</span>
        )}
        {file.error && (
          <p className="small ink-2">
            {file.error.message} {file.error.remedy}
          </p>
        )}
      </td>
      <td>
        <FileState state={file.state} />
      </td>
      <td className="right num">{count(file.chunks)}</td>
      <td className="right num">{bytes(file.bytes)}</td>
    </tr>
  );
}

function FileState({ state }: { readonly state: KnowledgeFile['state'] }): ReactNode {
  switch (state) {
    case 'indexed':
      return (
        <StateIcon tone="plain" small>
          Indexed
        </StateIcon>
      );
    case 'skipped':
      return (
        <StateIcon tone="warn" small>
          Left out
        </StateIcon>
      );
    case 'failed':
      return (
        <StateIcon tone="fail" small>
          Failed
        </StateIcon>
      );
  }
}
