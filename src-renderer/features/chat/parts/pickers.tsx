import type { ReactNode, RefObject } from 'react';
import { openPrompt } from '../../../prompts/prompt-state.ts';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { counted } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import {
  Menu,
  MenuCheck,
  MenuChoice,
  MenuChoices,
  MenuItem,
  MenuLine,
  MenuTitle,
} from '../../../ui/menu.tsx';
import { useChoices } from '../choices-state.ts';
import { LIBRARY_READER, routeLabel } from '../labels.ts';

/** Value of "Automatic" and "No agent"; no route and no agent has an empty name. */
const NONE = '';

/** Which model answers. "Automatic" is what the settings say, else the first ready provider, else the Library reader. */
export function RoutePicker({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (route: string | null) => void;
}): ReactNode {
  const providers = useChoices((state) => state.providers);
  const label = value === null ? 'Automatic' : routeLabel(value);
  return (
    <Menu
      side="top"
      trigger={
        <Button size="small" aria-label={`Route: ${label}`} title={value ?? undefined}>
          <span className="cut max-w-44">{label}</span>
          <Icon name="down" size={12} />
        </Button>
      }
    >
      <MenuChoices
        value={value ?? NONE}
        onChange={(route) => onChange(route === NONE ? null : route)}
      >
        <MenuChoice value={NONE} meta="as set, or what is ready">
          Automatic
        </MenuChoice>
        <MenuChoice value={LIBRARY_READER} meta="offline, no model">
          Library reader
        </MenuChoice>
        {providers.map((provider) => (
          <div key={provider.id}>
            <MenuTitle>
              {provider.id}
              {provider.local ? ', on this machine' : ''}
              {provider.state === 'failed' ? ', failed its last test' : ''}
            </MenuTitle>
            {provider.models.map((model) => (
              <MenuChoice key={model} value={`${provider.id}/${model}`}>
                {model}
              </MenuChoice>
            ))}
          </div>
        ))}
      </MenuChoices>
      <MenuLine />
      <MenuItem icon="provider" onSelect={() => navigate(hrefFor('settings', 'providers'))}>
        Add a provider
      </MenuItem>
    </Menu>
  );
}

export function AgentPicker({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (agent: string | null) => void;
}): ReactNode {
  const agents = useChoices((state) => state.agents);
  return (
    <Menu side="top" align="start" trigger={<IconButton icon="agent" name="Choose an agent" />}>
      <MenuTitle>Agent</MenuTitle>
      <MenuChoices
        value={value ?? NONE}
        onChange={(agent) => onChange(agent === NONE ? null : agent)}
      >
        <MenuChoice value={NONE}>No agent</MenuChoice>
        {agents.map((agent) => (
          <MenuChoice key={agent.path} value={agent.name}>
            {agent.name}
          </MenuChoice>
        ))}
      </MenuChoices>
      {agents.length === 0 && (
        <MenuItem icon="library" onSelect={() => navigate(hrefFor('library'))}>
          The library has no agents yet
        </MenuItem>
      )}
    </Menu>
  );
}

/** Prompts of the library; `trigger` is the button, so that a key can open it too. */
export function PromptPicker({
  trigger,
}: {
  readonly trigger: RefObject<HTMLButtonElement | null>;
}): ReactNode {
  const prompts = useChoices((state) => state.prompts);
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <IconButton ref={trigger} icon="prompt" name="Choose a prompt" tip="Choose a prompt (/)" />
      }
    >
      <MenuTitle>Prompts</MenuTitle>
      {prompts.map(({ path, name }) => (
        <MenuItem key={path} onSelect={() => openPrompt(path)}>
          {name}
        </MenuItem>
      ))}
      {prompts.length === 0 && (
        <MenuItem icon="library" onSelect={() => navigate(hrefFor('library'))}>
          The library has no prompts yet
        </MenuItem>
      )}
    </Menu>
  );
}

export function CollectionPicker({
  value,
  onChange,
}: {
  readonly value: readonly string[];
  readonly onChange: (collections: readonly string[]) => void;
}): ReactNode {
  const collections = useChoices((state) => state.collections);
  return (
    <Menu
      side="top"
      align="start"
      trigger={<IconButton icon="knowledge" name="Choose collections" />}
    >
      <MenuTitle>Collections to search first</MenuTitle>
      {collections.map(({ name, files }) => (
        <MenuCheck
          key={name}
          checked={value.includes(name)}
          meta={counted(files, 'file')}
          onChange={(on) => onChange(on ? [...value, name] : value.filter((each) => each !== name))}
        >
          {name}
        </MenuCheck>
      ))}
      {collections.length > 0 && <MenuLine />}
      <MenuItem icon="add" onSelect={() => navigate(hrefFor('knowledge'))}>
        Add files or a folder
      </MenuItem>
    </Menu>
  );
}
