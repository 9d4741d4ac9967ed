import { useRef, type ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';

/** Buttons over the system's own choosers. The inputs stay in the page, named, for whoever reads or drives it. */
export function FileInputs({
  onPicked,
}: {
  readonly onPicked: (files: FileList) => void;
}): ReactNode {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement): void => {
    if (input.files && input.files.length > 0) onPicked(input.files);
  };
  return (
    <>
      <input
        ref={files}
        type="file"
        multiple
        className="sr"
        tabIndex={-1}
        aria-label="Files to add"
        onChange={(event) => take(event.target)}
      />
      <input
        ref={folder}
        type="file"
        className="sr"
        tabIndex={-1}
        aria-label="Folder to add"
        webkitdirectory=""
        onChange={(event) => take(event.target)}
      />
      <Button size="small" icon="file" onClick={() => files.current?.click()}>
        Choose files
      </Button>
      <Button size="small" icon="folder" onClick={() => folder.current?.click()}>
        Choose a folder
      </Button>
    </>
  );
}
