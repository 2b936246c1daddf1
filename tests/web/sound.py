"""What a machine can say of a page on a screen: axe finds nothing, nothing runs sideways."""

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (360, 1024, 1366)
SMALLEST = 320


# At another width, a page that shows the same parts can break only the rule that measures them.
#
# Three quarters of axe's time goes into contrast, page after page for the same few colours. What it
# passed once it need not look at again: the same letters, all of whose backgrounds are plain colours,
# with nothing lying over or under them but what they are in.
LOOK = """async known => {
  const style = new Map(), of = e => style.get(e) || style.set(e, getComputedStyle(e)).get(e)
  const seen = [...document.body.querySelectorAll('*')].filter(
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
  const looks = new Map(seen.filter(hasLetters).map(e => [e, look(e)]))
  const fresh = [...looks.keys()].filter(e => !known.includes(looks.get(e)))
  const all = [...document.body.querySelectorAll('*')], are = new Set(seen)
  const parts = all.map(e => are.has(e) ? e.tagName + e.attributes.length : '').join()
  const isKnown = window.shown?.has(parts)
  window.shown = (window.shown || new Set()).add(parts)
  const which = isKnown ? {runOnly: ['scrollable-region-focusable']} : {rules: {'color-contrast': {enabled: false}}}
  const {violations} = await axe.run({resultTypes: ['violations'], ...which})
  if (!fresh.length) return {violations, looks: []}
  const contrast = {runOnly: ['color-contrast'], resultTypes: ['violations', 'incomplete', 'passes']}
  const found = await axe.run({include: fresh}, {...contrast, elementRef: true})
  const elements = rules => rules.flatMap(rule => rule.nodes.map(node => node.element))
  const doubtful = new Set(elements([...found.violations, ...found.incomplete]))
  const passed = [...elements(found.passes), ...fresh.filter(e => isField(e) && !doubtful.has(e))]
  for (const rule of found.violations) for (const node of rule.nodes) delete node.element
  const newly = [...new Set(passed.map(e => looks.get(e)))].filter(Boolean)
  return {violations: [...violations, ...found.violations], looks: newly}
}"""
_passed: set[str] = set()


def complaints(page: "Page") -> list[str]:
    """What axe finds on the page as it stands: its address and the report, or nothing."""
    if not page.evaluate("'axe' in window"):  # half a megabyte: once for each page, not each width
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(LOOK, list(_passed))
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
