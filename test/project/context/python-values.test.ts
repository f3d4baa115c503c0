/** The values that templates share with Python: each case is a list of expressions, and what Python's repr shows of each. */

import { testCases } from '../../support/cases.ts';
import { answers } from './expressions.ts';

testCases('test/project/context/cases', (of) => answers(of.input.text));
