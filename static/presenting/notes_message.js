// What the window of a lesson tells that of its notes.

/**
 * What is told of the step that is read, {lesson, place, order, values}: its title and notes with the values of their numbers,
 * the title of the next one, and whether there is one before. `shown` is what else is told, {language, theme, since}.
 *
 * @param {{lesson: any, place: {step: number}, order: number[], values: object}} read
 * @param {{language: string, theme: string, since: number}} shown
 */
export function stepOf({ lesson, place, order, values }, shown) {
  const at = order.indexOf(place.step);
  const step = lesson.steps[place.step - 1];
  const next = order[at + 1];
  return {
    ...shown,
    to: "notes",
    what: "at",
    spoken: lesson.language,
    lesson: lesson.title,
    title: step.title,
    number: at + 1,
    count: order.length,
    notes: step.notes ?? [],
    values,
    next: next === undefined ? null : lesson.steps[next - 1].title,
  };
}
