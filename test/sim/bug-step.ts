// How a planted bug reads the step it stands around.
import type { StepAnswer, StepArgs, StepName } from '../../lib/store/sqlite/steps.ts'

/** A step's arguments and answer, known to be of the step named. */
export const argsOf = <N extends StepName>(_name: N, args: unknown): StepArgs<N> => args as StepArgs<N>
export const answerOf = <N extends StepName>(_name: N, answer: unknown): StepAnswer<N> => answer as StepAnswer<N>
