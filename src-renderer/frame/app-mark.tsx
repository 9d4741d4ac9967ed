import icon from '../../assets/icon.svg';

/** The carrel from above. Decoration: the window's title says the name. */
export function AppMark({ className }: { readonly className?: string }) {
  return <img className={className} src={icon} alt="" draggable={false} />;
}
