export function proofView(root, store, tools) {
  return { watches: ["selected"], question: () => null, show: () => {} };
}
