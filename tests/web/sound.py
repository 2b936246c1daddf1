"""What a machine can say of a page on a screen: axe finds nothing, nothing runs sideways."""

from typing import TYPE_CHECKING

from axe_playwright_python.base import AxeResults

from tests.browser import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (360, 1024, 1366)
SMALLEST = 320


# At another width, a page that shows the same parts can break only the rule that measures them, where one of
# them scrolls by itself.
#
# Three quarters of axe's time goes into contrast, page after page for the same few colours. What it
# passed once it need not look at again: the same letters, all of whose backgrounds are plain colours,
# with nothing lying over or under them but what they are in. Of what it did not judge it need not say so
# again: the very same piece, in the same colours at the same width.
LOOK = """async ([axes, passed]) => {
  window.axe || await new Promise(done => {
    const script = document.createElement('script')
    Object.assign(script, {src: axes, onload: done, onerror: done})
    document.head.append(script)
    script.remove()
  })
  const known = new Set(passed)
  const style = new Map(), of = e => style.get(e) || style.set(e, getComputedStyle(e)).get(e)
  const all = [...document.body.querySelectorAll('*')]
  const seen = all.filter(
    e => e.checkVisibility({visibilityProperty: true}) && of(e).clipPath !== 'inset(50%)')
  const loose = seen.filter(
    e => of(e).position !== 'static' || of(e).float !== 'none' || of(e).transform !== 'none'
  ).map(e => [e, e.getBoundingClientRect()])
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  const look = e => {
    const s = of(e), size = parseFloat(s.fontSize), place = e.getBoundingClientRect()
    const isLarge = size >= 24 || (size >= 18.66 && s.fontWeight >= 700)
    const isCrossed = loose.some(
      ([o, its]) => meets(place, its) && !o.contains(e) && !e.contains(o))
    const grounds = []
    for (let at = e; at; at = at.parentElement) {
      const g = of(at)
      if (g.backgroundImage !== 'none' || g.filter !== 'none' || g.mixBlendMode !== 'normal') return ''
      grounds.push(g.backgroundColor + g.opacity)
    }
    if (isCrossed || s.textShadow !== 'none') return ''
    const field = isField(e) ? e.tagName + !e.value : ''
    return [field, s.color, isLarge, ...grounds.filter((g, no) => g !== grounds[no - 1])].join(' ')
  }
  const isField = e => e.matches('input, select, textarea')
  const hasLetters = e => isField(e) ||
    [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim())
  const isScrolling = () => all.some(e => (e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight)
    && /auto|scroll/.test(of(e).overflow) && !e.matches('select, textarea'))
  const looks = new Map(seen.filter(hasLetters).map(e => [e, look(e)]))
  const here = e => [innerWidth, looks.get(e), e.parentElement.outerHTML].join(' ')
  const fresh = [...looks.keys()].filter(e => !known.has(looks.get(e)) && !known.has(here(e)))
  const are = new Set(seen)
  const parts = all.map(e => are.has(e) ? e.tagName + e.attributes.length : '').join()
  window.shown ||= new Set()
  const isKnown = shown.has(parts)
  shown.add(parts)
  const which = isKnown ? {runOnly: ['scrollable-region-focusable']} : {rules: {'color-contrast': {enabled: false}}}
  const {violations} = isKnown && !isScrolling() ? {violations: []}
    : await axe.run({resultTypes: ['violations'], ...which})
  if (!fresh.length) return {violations, looks: []}
  const contrast = {runOnly: ['color-contrast'], resultTypes: ['violations', 'incomplete', 'passes']}
  const found = await axe.run({include: fresh}, {...contrast, elementRef: true})
  const elements = rules => rules.flatMap(rule => rule.nodes.map(node => node.element))
  const faulty = elements(found.violations), doubtful = new Set([...faulty, ...elements(found.incomplete)])
  const sound = new Set([...elements(found.passes), ...fresh.filter(e => isField(e) && !doubtful.has(e))])
  for (const rule of found.violations) for (const node of rule.nodes) delete node.element
  const judged = fresh.filter(e => looks.get(e) && !faulty.includes(e))
  const newly = [...new Set(judged.map(e => sound.has(e) ? looks.get(e) : here(e)))]
  return {violations: [...violations, ...found.violations], looks: newly}
}"""
_passed: set[str] = set()


def complaints(page: "Page") -> list[str]:
    """What axe finds on the page as it stands: its address and the report, or nothing."""
    found = page.evaluate(LOOK, [AXE, list(_passed)])
    if found["violations"]:
        return [page.url, AxeResults(found).generate_report()]
    _passed.update(found["looks"])
    return []


def complaints_at_every_width(page: "Page") -> list[str]:
    """The same at every width the pages are made for, and whether the smallest scrolls sideways."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 760})
        found += complaints(page)
    page.set_viewport_size({"width": SMALLEST, "height": 760})
    if page.evaluate("document.documentElement.scrollWidth") > SMALLEST:
        found.append(f"{page.url} runs sideways at {SMALLEST} px")
    return found
