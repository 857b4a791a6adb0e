import { describeOperators } from './operator-suite.js';

describeOperators('wide');
