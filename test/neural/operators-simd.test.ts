import { describeOperators } from './operator-suite.js';

describeOperators('simd');
