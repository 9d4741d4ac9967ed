import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface TabsProps<T extends string> {
  /** What the tabs are of; the name of the tab list. */
  readonly name: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly tabs: readonly {
    readonly value: T;
    readonly label: ReactNode;
    /** A count in ink-3, or a badge for a problem. */
    readonly after?: ReactNode;
  }[];
  /** `TabPanel`s, one per tab. */
  readonly children: ReactNode;
}

/** Arrow keys move between tabs; one tab stop. */
export function Tabs<T extends string>({ name, value, onChange, tabs, children }: TabsProps<T>) {
  return (
    <Radix.Root
      className="flex min-h-0 flex-1 flex-col"
      value={value}
      onValueChange={(next) => onChange(next as T)}
    >
      <Radix.List className="tabs" aria-label={name}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} className="tab" value={tab.value}>
            {tab.label}
            {tab.after}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  );
}

export function TabPanel({
  value,
  children,
}: {
  readonly value: string;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Content
      className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden"
      value={value}
    >
      {children}
    </Radix.Content>
  );
}
