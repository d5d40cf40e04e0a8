// The map itself: choices above it, a table of cells to press, its scale and the time below.

// Makes an element. Text and attributes are set as such and never read as markup.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.filter(isSomething));
  return element;
}

// What does not apply is written as `condition && element`, and left out.
const isSomething = child => child !== null && child !== undefined && child !== false;
const fill = (element, ...children) => element.replaceChildren(...children.filter(isSomething));

const number = (value, digits = 2) => value === null ? '–' : (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits).replace('-', '−');

const interval = ({ low, high }) => `[${number(low)}, ${number(high)}]`;

function colorOf(share) {
  const colors = isDifference() ? data.contrastColors : data.colors;
  return colors[Math.round(Math.min(1, Math.max(0, share)) * (colors.length - 1))];
}

// Dark or light letters, by the relative luminance of WCAG.
function inkOn(color) {
  const [red, green, blue] = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16) / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

const part = name => document.querySelector(`#map-explorer .${name}`);

function choice(label, options, current, change) {
  const select = make('select', { onchange: event => change(Number(event.target.value)) }, ...options.map((option, index) => make('option', { value: index, selected: index === current }, option)));
  return make('label', {}, `${label} `, select);
}

function drawChoices() {
  const names = Object.keys(views).filter(view => (view !== 'contrast' || data.readers.length > 1) && (view !== 'filtered' || data.flags.length));
  const buttons = names.map(view => make('button', { type: 'button', 'aria-pressed': String(view === state.view), onclick: () => change({ view }) }, views[view].label()));
  const most = Math.max(1, ...fold(state.run.cell.length).flat().map(ids => ids.length));
  const others = data.readers.filter(index => index !== state.reward);
  const otherOf = reward => reward !== state.other ? state.other : data.readers.includes(state.reward) ? state.reward : data.readers.find(one => one !== reward);
  const axes = data.axes.map(axis => axis.name);
  fill(
    part('explorer-choices'),
    make('div', { class: 'explorer-views', role: 'group', 'aria-label': 'What the colours show' }, ...buttons),
    state.view === 'best' && make('label', {}, 'k ', make('input', {
      type: 'number', min: 1, max: most, value: state.k, onchange: event => change({ k: Math.min(most, Math.max(1, Math.round(Number(event.target.value)) || 1)) }),
    })),
    data.rewards.length > 1 && choice('Reward', data.rewards, state.reward, reward => change({ reward, other: otherOf(reward) })),
    data.readers.length > 2 && state.view === 'contrast' && data.readers.includes(state.reward) && choice('minus', others.map(index => data.rewards[index]), others.indexOf(state.other), index => change({ other: others[index] })),
    data.runs.length > 1 && choice('Seed', data.runs.map(run => String(run.seed)), data.runs.indexOf(state.run), run => change({ run: data.runs[run], until: data.runs[run].cell.length, place: null, text: null })),
    axes.length > 2 && choice('Rows', axes, state.rows, rows => change({ rows, columns: rows === state.columns ? state.rows : state.columns, place: null })),
    axes.length > 2 && choice('Columns', axes, state.columns, columns => change({ columns, rows: columns === state.rows ? state.columns : state.rows, place: null })));
  part('explorer-help').textContent = views[state.view].help();
  const counts = data.flags.map((_, bit) => state.run.flags.filter(flags => flags >> bit & 1).length);
  const boxes = data.flags.map((flag, bit) => counts[bit] > 0 && make('label', { title: flag.meaning }, make('input', {
    type: 'checkbox', checked: (state.mask >> bit & 1) === 1, onchange: () => change({ mask: state.mask ^ 1 << bit }),
  }), ` ${flag.name} (${counts[bit]})`));
  fill(part('explorer-flags'), ...(state.view === 'filtered' ? boxes : []));
}

function drawMap(places, range) {
  const value = views[state.view].value();
  const focused = document.activeElement?.dataset?.place;
  const current = state.place ? state.place.join() : '0,0';
  const rows = places.map((columns, row) => make('tr', {},
    make('th', { scope: 'row' }, make('bdi', {}, rowLabels()[row])),
    ...columns.map((ids, column) => {
      const shown = ids.length ? value(ids) : null;
      const counted = (views[state.view].counts?.(ids) ?? ids).length;
      const best = ids.length ? ids.reduce((a, b) => rewardOf(b) > rewardOf(a) ? b : a) : null;
      const color = shown === null ? null : colorOf((shown - range.low) / (range.high - range.low));
      const sure = certainty(row, column);
      const isMarked = best !== null && state.view === 'bound' && isFlagged(best);
      const where = [state.rows < 0 ? null : rowLabels()[row], columnLabels()[column]].filter(label => label !== null).join(', ');
      return make('td', {}, make('button', {
        type: 'button', class: color ? 'cell' : 'cell empty', 'data-place': [row, column].join(), 'aria-pressed': String(Boolean(state.place) && current === [row, column].join()),
        tabindex: current === [row, column].join() ? 0 : -1, style: color ? `background:${color};color:${inkOn(color)}` : null,
        'aria-label': `${where}: ${shown === null ? 'no value' : number(shown)}${sure ? `, ${interval(sure)}${sure.holds ? ', holds together with all cells' : ''}` : ''}, ${counted} texts${isMarked ? ', the best one is flagged' : ''}`,
        title: isMarked ? `The best text is flagged: ${flagsOf(best).map(flag => flag.name).join(', ')}` : null,
        onclick: () => change({ place: [row, column], rejected: false, text: null, shown: 10 }),
        onkeydown: event => move(event, row, column),
      }, make('b', {}, shown === null ? '' : number(shown)), sure && make('span', { class: 'explorer-interval' }, interval(sure)), make('small', {}, `N ${counted}`),
      isMarked && make('i', { 'aria-hidden': true }, '⚑'), sure?.holds && make('i', { class: 'explorer-sure', 'aria-hidden': true }, '✓')));
    })));
  const head = make('tr', {}, make('td'), ...columnLabels().map(label => make('th', { scope: 'col' }, make('bdi', {}, label))));
  fill(part('explorer-map'), make('table', {},
    make('caption', {}, make('bdi', {}, state.rows < 0 ? '' : `${data.axes[state.rows].name} ↓`), make('bdi', {}, `${data.axes[state.columns].name} →`)),
    make('thead', {}, head), make('tbody', {}, ...rows)));
  if (focused) {
    part('explorer-map').querySelector(`[data-place="${focused}"]`)?.focus();
  }
  const colors = isDifference() ? data.contrastColors : data.colors;
  fill(
    part('explorer-scale'),
    make('span', {}, number(range.low)), make('span', { class: 'explorer-colors', style: `background:linear-gradient(to right,${colors.join()})`, 'aria-hidden': true }), make('span', {}, number(range.high)),
    make('span', { class: 'explorer-key' }, make('span', { class: 'cell empty', 'aria-hidden': true }), 'nothing to show'),
    state.view === 'bound' && data.flags.length > 0 && make('span', { class: 'explorer-key' }, '⚑ its best text is flagged'),
    state.view === 'contrast' && data.axes.length <= 2 && make('span', { class: 'explorer-key' }, state.until < state.run.cell.length ? 'intervals stand at the end of the run' : '[95% interval]  ✓ holds together with all cells'));
}

// Arrow keys go from cell to cell, as in any grid; Tab leaves it.
function move(event, row, column) {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -column], End: [0, columnLabels().length - 1 - column] };
  const step = steps[event.key];
  if (step) {
    event.preventDefault();
    const target = part('explorer-map').querySelector(`[data-place="${row + step[0]},${column + step[1]}"]`);
    if (target) {
      event.target.tabIndex = -1;
      target.tabIndex = 0;
      target.focus();
    }
  }
}

function drawTime() {
  const total = state.run.cell.length;
  const phase = state.until <= data.firstPhase ? 'first phase: without parents' : 'second phase: from parents';
  const slider = part('explorer-time input');
  [slider.max, slider.step, slider.value] = [total, data.batchSize, state.until];
  part('explorer-time output').textContent = `after ${state.until} of ${total} evaluations (${phase})`;
}

let playing = null;

function play() {
  if (playing !== null) {
    clearInterval(playing);
    playing = null;
  } else {
    const total = state.run.cell.length;
    const step = Math.max(1, Math.ceil(total / data.batchSize / 60)) * data.batchSize;
    change({ until: state.until >= total ? Math.min(step, total) : state.until });
    playing = setInterval(() => {
      change({ until: Math.min(total, state.until + step) });
      if (state.until >= total) {
        play();
      }
    }, 120);
  }
  part('explorer-time button').textContent = playing === null ? 'Play' : 'Pause';
}
