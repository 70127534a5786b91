import { partnerAnswers } from './partner-answers';

/** Middlewares that routes name: `plugin::newswire.partner-answers`. */
export const middlewares = { 'partner-answers': partnerAnswers };
