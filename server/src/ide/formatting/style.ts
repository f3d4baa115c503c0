/** How a project wants its SQL written. */

/** `preserve` leaves what the user wrote. */
export type LetterCase = 'lower' | 'upper' | 'preserve';

export interface FormattingStyle {
  /** One level of indentation. */
  readonly indent: string;
  readonly lineLength: number;
  readonly keywords: LetterCase;
  readonly functions: LetterCase;
  readonly types: LetterCase;
  readonly identifiers: LetterCase;
  /** `preserve` is where most commas of the file are. */
  readonly commas: 'trailing' | 'leading' | 'preserve';
}

export const DEFAULT_STYLE: FormattingStyle = {
  indent: '    ',
  lineLength: 120,
  keywords: 'lower',
  functions: 'preserve',
  types: 'preserve',
  identifiers: 'preserve',
  commas: 'preserve',
};
