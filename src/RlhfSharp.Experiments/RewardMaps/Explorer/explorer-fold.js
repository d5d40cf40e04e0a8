// What a map shows, folded from its events. Nothing here touches the page.
'use strict';

const data = JSON.parse(document.getElementById('map-data').textContent);

// The whole state of the page; everything drawn follows from it.
const state = {
  run: data.runs[0], view: 'bound', reward: 0, other: data.readers.at(-1) === data.readers[0] ? data.readers[0] : data.readers[1], k: data.bestOf, mask: (1 << data.flags.length) - 1,
  rows: data.axes.length > 1 ? 0 : -1, columns: data.axes.length > 1 ? 1 : 0, until: data.runs[0].cell.length,
  place: null, rejected: false, text: null, order: 'high', query: '', shown: 10,
};

// A cell's number holds one bin per axis, the last axis running fastest.
function binOf(cell, axis) {
  for (let last = data.axes.length - 1; last > axis; last--) {
    cell = Math.floor(cell / data.axes[last].labels.length);
  }
  return cell % data.axes[axis].labels.length;
}

const rowOf = cell => state.rows < 0 ? 0 : binOf(cell, state.rows);
const columnOf = cell => binOf(cell, state.columns);
const rowLabels = () => state.rows < 0 ? [''] : data.axes[state.rows].labels;
const columnLabels = () => data.axes[state.columns].labels;
const rewardOf = (id, reward = state.reward) => state.run.rewards[reward][id];
const isFlagged = id => (state.run.flags[id] & state.mask) !== 0;
const flagsOf = id => data.flags.filter((_, bit) => state.run.flags[id] >> bit & 1);
const reasonOf = id => state.run.cell[id] < 0 ? data.reasons[-1 - state.run.cell[id]] : null;

// The placed texts of each place on the page, among the first `until` evaluations.
function fold(until) {
  const places = rowLabels().map(() => columnLabels().map(() => []));
  for (let id = 0; id < until; id++) {
    const cell = state.run.cell[id];
    if (cell >= 0 && rewardOf(id) !== null) {
      places[rowOf(cell)][columnOf(cell)].push(id);
    }
  }
  return places;
}

const sum = values => values.reduce((total, value) => total + value, 0);
const mean = values => values.length ? sum(values) / values.length : null;
const highest = values => values.length ? values.reduce((a, b) => Math.max(a, b)) : null;

function deviation(values) {
  const middle = mean(values);
  return values.length > 1 ? Math.sqrt(sum(values.map(value => (value - middle) ** 2)) / (values.length - 1)) : null;
}

// The mean over all subsets of size k of their maximum; the largest weighs k / n, and each next one a ratio of the one before.
function bestOf(values, k) {
  if (values.length < k) {
    return null;
  }
  const sorted = [...values].sort((a, b) => a - b);
  let weight = k / sorted.length, total = 0;
  for (let i = sorted.length; i >= k; i--) {
    total += weight * sorted[i - 1];
    weight *= i > k ? (i - k) / (i - 1) : 0;
  }
  return total;
}

// The two rewards that the contrast is of. A search for disagreement has its own.
const pair = () => data.readers.includes(state.reward) ? [state.reward, state.other] : data.search;
const hasBoth = id => pair().every(reward => rewardOf(id, reward) !== null);

// What a search for disagreement keeps, it keeps because the two disagree: only texts without a parent say what they think of what is written.
const contrasted = ids => ids.filter(id => hasBoth(id) && (!data.search || id < data.firstPhase));

// Texts among which others are ranked: those of the first phase, or the set that a search for disagreement wrote before it.
const frozenCell = -1 - data.reasons.indexOf('calibration');
const isFrozen = id => data.search ? state.run.cell[id] === frozenCell : state.run.cell[id] >= 0;

// The share of the frozen texts that a reward beats, and half of those it equals: two reward models have no scale in common but this.
function shares(reward) {
  const sample = [];
  for (let id = 0; id < data.firstPhase; id++) {
    if (isFrozen(id) && hasBoth(id)) {
      sample.push(rewardOf(id, reward));
    }
  }
  sample.sort((a, b) => a - b);
  const below = (value, orEqual) => {
    let first = 0, last = sample.length;
    while (first < last) {
      const middle = first + last >> 1;
      if (sample[middle] < value || orEqual && sample[middle] === value) { first = middle + 1; } else { last = middle; }
    }
    return first;
  };
  return value => sample.length ? (below(value, false) + below(value, true)) / (2 * sample.length) : 0;
}

function contrast() {
  const [first, second] = pair();
  const [one, other] = [shares(first), shares(second)];
  return ids => mean(contrasted(ids).map(id => one(rewardOf(id, first)) - other(rewardOf(id, second))));
}

// What the program computed of a place's difference, over all texts of the run: 95% interval, and whether it holds together with all cells. Null before the end, where a place is several cells,
// and where there are too few independent texts.
function certainty(row, column) {
  if (state.view !== 'contrast' || state.until < state.run.cell.length || data.axes.length > 2) {
    return null;
  }
  const [first, second] = pair();
  const known = state.run.contrasts.find(one => one.pair.includes(first) && one.pair.includes(second));
  const cell = known?.cells[row * columnLabels().length + column];
  if (!cell) {
    return null;
  }
  const [low, high, holds] = cell;
  return known.pair[0] === first ? { low, high, holds: holds === 1 } : { low: -high, high: -low, holds: holds === 1 };
}

const rewardsOf = ids => ids.map(id => rewardOf(id));
const views = {
  bound: { label: () => 'Lower bound', help: () => `The ${isDifference() ? 'largest difference' : 'highest reward'} found. It grows with N.`, value: () => ids => highest(rewardsOf(ids)) },
  mean: { label: () => 'Mean', help: () => 'The mean reward of all texts.', value: () => ids => mean(rewardsOf(ids)) },
  best: {
    label: () => `Best of ${state.k}`,
    help: () => `The expected best of ${state.k} texts: fair between cells of different N. Hatched where there are fewer.`,
    value: () => ids => bestOf(rewardsOf(ids), state.k),
  },
  filtered: {
    label: () => 'Filtered',
    help: () => 'The highest reward among texts without any of the flags ticked below, and their number.',
    counts: ids => ids.filter(id => !isFlagged(id)),
    value: () => ids => highest(rewardsOf(ids.filter(id => !isFlagged(id)))),
  },
  contrast: {
    label: () => 'Contrast',
    help: () => `${pair().map(reward => data.rewards[reward]).join(' minus ')}, each as the share of ${data.search ? 'the frozen' : 'first-phase'} texts that a text beats: what one likes more than the other. `
      + `${data.search ? 'Texts without a parent only, for the others were chosen because the two disagree. ' : ''}In brackets: 95% intervals of the whole run. ✓: holds together with all other cells.`,
    counts: contrasted,
    value: contrast,
  },
};

// Whether the colours show a difference, with nothing in the middle: a contrast, or what a search for disagreement maximises.
const isDifference = () => state.view === 'contrast' || !data.readers.includes(state.reward);

const scales = new Map();

// One scale for all views of a reward and for all times, or the eye compares what cannot be compared.
function scale() {
  const key = [state.run.seed, state.reward, state.view === 'contrast' ? pair().join('-') : 'alone', state.rows, state.columns, state.mask].join();
  if (!scales.has(key)) {
    scales.set(key, findScale());
  }
  return scales.get(key);
}

function findScale() {
  const places = fold(state.run.cell.length).flat().filter(ids => ids.length);
  if (state.view === 'contrast') {
    const size = Math.max(0.01, ...places.map(contrast()).map(value => Math.abs(value ?? 0)));
    return { low: -size, high: size };
  }
  const values = ['bound', 'mean', 'filtered'].flatMap(view => places.map(views[view].value())).filter(value => value !== null);
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  if (isDifference()) {
    const size = Math.max(0.01, Math.abs(low), Math.abs(high));
    return { low: -size, high: size };
  }
  return low < high ? { low, high } : { low: low - 0.01, high: high + 0.01 };
}

// From the first forebear, by first parents, to the text itself.
function lineOf(id) {
  const line = [id];
  while (state.run.parents[line[0]].length) {
    line.unshift(state.run.parents[line[0]][0]);
  }
  return line;
}

function childrenOf(id) {
  const children = [];
  for (let child = id + 1; child < state.run.cell.length; child++) {
    if (state.run.parents[child].includes(id)) {
      children.push(child);
    }
  }
  return children;
}
