/** The sections and plain settings of an INI or TOML file: what style settings are written in. */

export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

const SECTION = /^\[+\s*([^\]]+?)\s*\]+$/u;
const SETTING = /^([^=:#;\s][^=:]*?)\s*[=:]\s*(.*)$/u;

/** Lines that are neither a section nor a setting say nothing here. */
export function readSections(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const raw of text.split(/\r?\n/u)) {
    const line = raw.trim();
    const section = SECTION.exec(line)?.[1];
    if (section !== undefined) {
      current = sections.get(section) ?? new Map<string, string>();
      sections.set(section, current);
      continue;
    }
    const setting = SETTING.exec(line);
    const [, key = '', value = ''] = setting ?? [];
    if (setting && current) current.set(key, unquoted(value));
  }
  return sections;
}

function unquoted(value: string): string {
  const quoted = /^(["'])(.*?)\1/u.exec(value)?.[2];
  return quoted ?? value.replace(/\s[#;].*$/u, '').trim();
}
