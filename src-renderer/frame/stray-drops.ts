/**
 * A file that is dropped where nothing takes it would open in place of the window, and drafts would
 * be gone. Returns the way to stop.
 */
export function refuseStrayDrops(): () => void {
  const refuse = (event: DragEvent): void => {
    // Whoever takes files has said so by now; text that is dragged into a field is no file.
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  };
  window.addEventListener('dragover', refuse);
  window.addEventListener('drop', refuse);
  return () => {
    window.removeEventListener('dragover', refuse);
    window.removeEventListener('drop', refuse);
  };
}
