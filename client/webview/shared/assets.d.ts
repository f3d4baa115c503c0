/** What the pages' bundler makes of files that are no code: style sheets are collected into one beside the page, pictures become their text. */

declare module '*.css';

declare module '*.svg' {
  const text: string;
  export default text;
}
