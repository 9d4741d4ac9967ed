import {
  Activity,
  Archive,
  ArrowUp,
  AtSign,
  Bell,
  BookOpen,
  Bot,
  Check,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  Circle,
  CircleArrowDown,
  CircleCheck,
  CircleStop,
  Clock,
  Cloud,
  CloudOff,
  Copy,
  Ellipsis,
  ExternalLink,
  Eye,
  EyeOff,
  File,
  FileCode,
  FileText,
  FlaskConical,
  Folder,
  GitBranch,
  GitFork,
  HardDrive,
  History,
  Info,
  KeyRound,
  Layers,
  LibraryBig,
  List,
  LoaderCircle,
  Lock,
  MessageSquare,
  Monitor,
  OctagonX,
  PanelLeft,
  Paperclip,
  Pencil,
  Pin,
  Plug,
  Plus,
  RotateCw,
  Scale,
  Search,
  Settings2,
  ShieldAlert,
  ShieldCheck,
  ShieldX,
  Sparkles,
  SquareTerminal,
  Terminal,
  Trash2,
  TriangleAlert,
  Undo2,
  Upload,
  WrapText,
  Wrench,
  X,
  type LucideIcon,
} from 'lucide-react';
import { cx } from './cx.ts';

/** One name per meaning: the same icon says the same thing all over the product. */
const icons = {
  // places
  chat: MessageSquare,
  knowledge: BookOpen,
  library: LibraryBig,
  templates: Layers,
  health: Activity,
  settings: Settings2,
  // states: the shape says it, the colour only helps
  ok: CircleCheck,
  warn: TriangleAlert,
  fail: OctagonX,
  info: Info,
  running: LoaderCircle,
  waiting: Clock,
  edited: Circle,
  update: CircleArrowDown,
  conflict: GitFork,
  verified: ShieldCheck,
  unverified: ShieldAlert,
  quarantined: ShieldX,
  removed: X,
  offline: CloudOff,
  // things
  prompt: Terminal,
  agent: Bot,
  skill: Sparkles,
  policy: Scale,
  folder: Folder,
  file: File,
  text: FileText,
  code: FileCode,
  key: KeyRound,
  lock: Lock,
  cloud: Cloud,
  machine: Monitor,
  disk: HardDrive,
  provider: Plug,
  branch: GitBranch,
  pin: Pin,
  archive: Archive,
  logs: List,
  alert: Bell,
  maintenance: Wrench,
  recall: FlaskConical,
  command: SquareTerminal,
  time: Clock,
  history: History,
  // actions
  add: Plus,
  close: X,
  search: Search,
  copy: Copy,
  tick: Check,
  edit: Pencil,
  remove: Trash2,
  undo: Undo2,
  retry: RotateCw,
  send: ArrowUp,
  stop: CircleStop,
  more: Ellipsis,
  open: ExternalLink,
  attach: Paperclip,
  mention: AtSign,
  wrap: WrapText,
  show: Eye,
  hide: EyeOff,
  upload: Upload,
  panel: PanelLeft,
  down: ChevronDown,
  right: ChevronRight,
  left: ChevronLeft,
} as const satisfies Record<string, LucideIcon>;

export type IconName = keyof typeof icons;

interface IconProps {
  readonly name: IconName;
  /** Pixels at normal text size; 20 is for the rail and empty states, 32 for a page's own state. */
  readonly size?: 12 | 14 | 16 | 20 | 32;
  readonly className?: string;
}

/** Always decoration: the word stands beside it, or the control that holds it has a name. */
export function Icon({ name, size = 16, className }: IconProps) {
  const Drawing = icons[name];
  return (
    <Drawing
      aria-hidden
      className={cx('i', size !== 16 && `i-${size}`, name === 'edited' && 'i-edited', className)}
    />
  );
}

/** The arc of running work; a clock where motion is unwanted. */
export function Running({ size = 16 }: { readonly size?: 12 | 14 | 16 | 20 }) {
  return (
    <>
      <Icon name="running" size={size} className="turning" />
      <Icon name="waiting" size={size} className="only-still" />
    </>
  );
}
