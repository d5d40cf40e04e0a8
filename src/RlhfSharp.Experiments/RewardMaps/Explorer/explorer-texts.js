// The texts of the cell that was pressed, and the one that is read with its descent.

function listed(places) {
  const ids = state.rejected
    ? state.run.cell.map((_, id) => id).filter(id => id < state.until && reasonOf(id) !== null)
    : state.place ? [...places[state.place[0]][state.place[1]]] : places.flat(2);
  const query = state.query.trim().toLowerCase();
  const found = query ? ids.filter(id => (state.run.text[id] ?? '').toLowerCase().includes(query) || `#${id}` === query) : ids;
  const by = { high: (a, b) => (rewardOf(b) ?? -Infinity) - (rewardOf(a) ?? -Infinity) || a - b, low: (a, b) => (rewardOf(a) ?? Infinity) - (rewardOf(b) ?? Infinity) || a - b, first: (a, b) => a - b, last: (a, b) => b - a };
  return found.sort(by[state.order]);
}

function title(places) {
  if (state.rejected) {
    return 'Rejected texts';
  }
  return state.place ? [state.rows < 0 ? null : rowLabels()[state.place[0]], columnLabels()[state.place[1]]].filter(label => label !== null).join(' × ') : 'All texts';
}

function facts(...pairs) {
  return make('dl', { class: 'explorer-facts' }, ...pairs.filter(pair => pair).map(([name, value]) => make('div', {}, make('dt', {}, make('bdi', {}, name)), make('dd', {}, value))));
}

// Every reward of the cell as a dot on the map's own scale; flagged ones are hollow.
function strip(ids, range) {
  const space = 'http://www.w3.org/2000/svg';
  const drawing = document.createElementNS(space, 'svg');
  const set = (element, attributes) => { Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value)); return element; };
  const x = value => 6 + 388 * (value - range.low) / (range.high - range.low);
  set(drawing, { viewBox: '0 0 400 34', class: 'explorer-strip', 'aria-hidden': 'true' }).append(set(document.createElementNS(space, 'line'), { x1: 0, x2: 400, y1: 17, y2: 17 }));
  ids.forEach((id, index) => drawing.append(set(document.createElementNS(space, 'circle'), {
    cx: x(rewardOf(id)).toFixed(1), cy: 17 + (index * 7919 % 17) - 8, r: id === state.text ? 6 : ids.length > 150 ? 2.5 : 3.5, class: `${isFlagged(id) ? 'flagged' : ''} ${id === state.text ? 'current' : ''}`.trim(),
  })));
  return drawing;
}

function badges(id) {
  return flagsOf(id).map(flag => make('span', { class: 'explorer-badge', title: flag.meaning }, flag.name));
}

const firstWords = id => state.run.text[id] === null ? '(text not in this file)' : (state.run.text[id].replace(/\s+/g, ' ').slice(0, 90) || '(empty)');

// The cell's difference between the two rewards, and how sure it is.
function contrastFacts(places) {
  if (state.view !== 'contrast' || !state.place || state.rejected) {
    return [];
  }
  const [row, column] = state.place;
  const difference = contrast()(places[row][column]);
  const sure = certainty(row, column);
  return difference === null ? [] : [
    ['difference of ranks', `${number(difference)} (${contrasted(places[row][column]).length} texts)`],
    ['95% interval', sure ? interval(sure) : state.until < state.run.cell.length ? 'at the end of the run' : 'too few independent texts'],
    sure && ['with all other cells', sure.holds ? 'holds' : 'not separated'],
  ];
}

function drawList(ids, range, places) {
  const rewards = rewardsOf(ids).filter(value => value !== null);
  const search = make('input', { type: 'search', placeholder: 'Find in texts', 'aria-label': 'Find in texts', value: state.query, oninput: event => change({ query: event.target.value, shown: 10 }) });
  const orders = { high: 'highest first', low: 'lowest first', first: 'oldest first', last: 'newest first' };
  const order = make('select', { 'aria-label': 'Order', onchange: event => change({ order: event.target.value }) },
    ...Object.entries(orders).map(([key, label]) => make('option', { value: key, selected: key === state.order }, label)));
  const rows = ids.slice(0, state.shown).map(id => make('li', {}, make('button', { type: 'button', 'aria-pressed': String(id === state.text), onclick: () => change({ text: id }) },
    make('b', {}, number(rewardOf(id))), make('span', { dir: 'auto' }, firstWords(id)), ...(state.rejected ? [make('span', { class: 'explorer-badge' }, reasonOf(id))] : badges(id)))));
  const hadFocus = document.activeElement?.type === 'search';
  fill(
    part('explorer-list'),
    make('h3', { dir: 'auto' }, title(places)),
    facts(['N', String(ids.length)], !state.rejected && ['mean', number(mean(rewards))], !state.rejected && ['sd', number(deviation(rewards))], !state.rejected && ['lower bound', number(highest(rewards))],
      !state.rejected && [`best of ${state.k}`, number(bestOf(rewards, state.k))], ...contrastFacts(places), data.flags.length > 0 && !state.rejected && ['flagged', String(ids.filter(isFlagged).length)]),
    !state.rejected && ids.length <= 3000 && state.view !== 'contrast' && ids.length > 0 && strip(ids, widened(range, rewards)),
    make('div', { class: 'explorer-tools' }, search, order),
    make('ol', {}, ...rows),
    ids.length > state.shown && make('button', { type: 'button', class: 'explorer-more', onclick: () => change({ shown: state.shown + 20 }) }, `Show more (${ids.length - state.shown} left)`));
  if (hadFocus) {
    search.focus();
    search.setSelectionRange(search.value.length, search.value.length);
  }
}

const widened = (range, values) => ({ low: Math.min(range.low, ...values), high: Math.max(range.high, ...values) });

function labelsOf(id, found) {
  return data.axes.map((axis, index) => {
    const label = (found ? state.run.judged : state.run.requested)[index][id];
    return label >= 0 ? axis.words[label] : null;
  });
}

// What was asked for and what the judge found, side by side.
function labelPairs(id) {
  const [asked, found] = [labelsOf(id, false), labelsOf(id, true)];
  return data.axes.map((axis, index) => axis.isMeasured ? null : [axis.name, axis.isJudged
    ? `asked ${asked[index] ?? '–'}, found ${found[index] ?? 'none'} ${found[index] === asked[index] ? '✓' : '✗'}`
    : `asked ${asked[index] ?? '–'}`]);
}

function chain(id) {
  const line = lineOf(id);
  return make('ol', { class: 'explorer-chain', 'aria-label': 'Descent, from the first text to this one' }, ...line.map((one, index) => {
    const gain = index > 0 && rewardOf(one) !== null && rewardOf(line[index - 1]) !== null ? rewardOf(one) - rewardOf(line[index - 1]) : null;
    const labels = data.axes.map((axis, at) => state.run.cell[one] >= 0 ? axis.labels[binOf(state.run.cell[one], at)] : labelsOf(one, false)[at]).filter(label => label !== null);
    return make('li', {}, make('button', { type: 'button', 'aria-pressed': String(one === state.text), onclick: () => change({ text: one }) },
      make('small', {}, `#${one} ${data.operators[state.run.operator[one]]}`), make('b', { dir: 'auto' }, labels.join(', ')),
      make('span', {}, number(rewardOf(one)), gain === null ? '' : ` (${gain >= 0 ? '+' : ''}${number(gain)})`), make('em', { dir: 'auto' }, firstWords(one))));
  }));
}

function jumps(label, ids) {
  return ids.length > 0 && make('p', { class: 'explorer-jumps' }, `${label} `, ...ids.slice(0, 24).map(id => make('button', { type: 'button', onclick: () => change({ text: id }) }, `#${id}`)), ids.length > 24 ? ` and ${ids.length - 24} more` : '');
}

function drawText() {
  const id = state.text;
  if (id === null) {
    fill(part('explorer-text'), make('p', { class: 'note' }, 'Press a text to read it.'));
    return;
  }
  const text = state.run.text[id];
  fill(
    part('explorer-text'),
    make('blockquote', { dir: 'auto', class: 'answer' }, text === null ? `This text is not in this file. It is line ${id + 1} of events.jsonl.` : text || '(empty)'),
    make('p', { class: 'explorer-badges' }, ...badges(id)),
    facts(['text', `#${id}, ${data.operators[state.run.operator[id]]}, ${reasonOf(id) === null ? data.statuses[state.run.status[id]] : `rejected: ${reasonOf(id)}`}`],
      ...data.rewards.map((name, reward) => [name, number(rewardOf(id, reward), 3)]), ...labelPairs(id)),
    make('h4', {}, 'Descent'), chain(id),
    jumps('Other parents:', state.run.parents[id].slice(1)), jumps('Children:', childrenOf(id)));
}
