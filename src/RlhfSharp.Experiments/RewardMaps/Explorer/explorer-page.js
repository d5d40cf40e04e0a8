// Puts the page together: draws once, then after every change.

function draw() {
  const [places, range] = [fold(state.until), scale()];
  drawChoices();
  drawMap(places, range);
  drawTime();
  const ids = listed(places);
  if (state.text === null || state.text >= state.until) {
    state.text = ids[0] ?? null;
  }
  drawList(ids, range, places);
  drawText();
  const rejected = state.run.cell.slice(0, state.until).filter(cell => cell < 0).length;
  fill(
    part('explorer-note'),
    state.run.embedded < state.run.cell.length ? `This file holds ${state.run.embedded} of ${state.run.cell.length} texts, and the numbers of all. ` : '',
    make('button', { type: 'button', onclick: () => change({ place: null, rejected: false, text: null, shown: 10 }) }, 'All texts'),
    rejected > 0 && make('button', { type: 'button', onclick: () => change({ place: null, rejected: true, text: null, shown: 10 }) }, `${data.search ? 'Not on the map' : 'Rejected'} (${rejected})`));
}

function change(changes) {
  // What had the focus is drawn anew; its place in the page is the same afterwards.
  const focusable = 'button, input, select';
  const active = document.activeElement;
  const region = active?.closest?.('#map-explorer [data-region]');
  const at = region ? [...region.querySelectorAll(focusable)].indexOf(active) : -1;
  Object.assign(state, changes);
  draw();
  if (at >= 0 && !document.contains(active)) {
    [...region.querySelectorAll(focusable)][at]?.focus();
  }
}

// Any table of the page is sorted by the heading that is pressed; once more turns it round.
function makeSortable(table) {
  let at = 0;
  for (const heading of table.querySelectorAll('thead th')) {
    const column = at;
    at += heading.colSpan;
    const button = make('button', { type: 'button', class: 'sort' }, ...heading.childNodes);
    heading.append(button);
    button.addEventListener('click', () => {
      const isDescending = heading.getAttribute('aria-sort') === 'ascending';
      table.querySelectorAll('thead th').forEach(one => one.removeAttribute('aria-sort'));
      heading.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      sortRows(table, column, isDescending);
    });
  }
}

function sortRows(table, column, isDescending) {
  const body = table.tBodies[0];
  const key = row => {
    let at = 0;
    const cell = [...row.cells].find(one => (at += one.colSpan) > column);
    const text = cell?.textContent ?? '';
    const value = parseFloat(text.replace('−', '-'));
    return { text, value: Number.isNaN(value) ? null : value };
  };
  const rows = [...body.rows].map(row => ({ row, ...key(row) }));
  const areNumbers = rows.some(one => one.value !== null);
  rows.sort((a, b) => {
    if (areNumbers && (a.value === null || b.value === null)) {
      return (a.value === null) - (b.value === null);   // what has no number stays at the end
    }
    return (isDescending ? -1 : 1) * (areNumbers ? a.value - b.value : a.text.localeCompare(b.text));
  });
  body.append(...rows.map(one => one.row));
}

part('explorer-time input').addEventListener('input', event => change({ until: Math.min(state.run.cell.length, Number(event.target.value)) }));
part('explorer-time button').addEventListener('click', play);
document.querySelectorAll('main table').forEach(makeSortable);
document.querySelectorAll('details.figures').forEach(figures => figures.removeAttribute('open'));
document.getElementById('map-explorer').hidden = false;

// The first thing to read is the best text of all.
const best = fold(state.until).flatMap((columns, row) => columns.map((ids, column) => ({ place: [row, column], value: highest(rewardsOf(ids)) }))).filter(one => one.value !== null);
state.place = best.length ? best.reduce((a, b) => b.value > a.value ? b : a).place : null;
draw();
