/** Characters that HTML reads, as markupsafe writes them. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '>': '&gt;',
  '<': '&lt;',
  "'": '&#39;',
  '"': '&#34;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&><'"]/g, (character) => entities[character] ?? character);
}
