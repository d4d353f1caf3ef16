/**
 * uni-app's browser controls are custom elements with no role, no tab stop and no keys
 * (dcloudio/uni-app#4353, #6062). This gives them what a screen reader and a keyboard need.
 */
const CONTROLS =
  'uni-button,uni-picker,.uni-page-head-btn,[role=button],[role=link],[role=checkbox],[role=switch],[role=tab],[role=radio],[role=option]'
const FIELDS = 'uni-input[aria-label],uni-textarea[aria-label]'
const FORWARDED = ['aria-label', 'aria-invalid', 'aria-describedby', 'autocomplete', 'role']

function mendControl(element: HTMLElement): void {
  if (!element.hasAttribute('role')) element.setAttribute('role', 'button')
  if (!element.hasAttribute('tabindex')) element.tabIndex = 0
  // TDesign's empty default would hide the button's own words.
  if (element.getAttribute('aria-label') === '') element.removeAttribute('aria-label')
  if (element.matches('.uni-page-head-btn') && !element.hasAttribute('aria-label')) {
    element.setAttribute('aria-label', '返回')
  }
}

function mendField(outer: HTMLElement): void {
  const field = outer.querySelector('input,textarea')
  if (!field) return
  for (const name of FORWARDED) {
    const value = outer.getAttribute(name)
    if (value === null) field.removeAttribute(name)
    else if (field.getAttribute(name) !== value) field.setAttribute(name, value)
  }
  // The label belongs to the field itself, not to the wrapper around it.
  if (!outer.hasAttribute('data-labelled')) outer.setAttribute('data-labelled', '')
}

function mend(): void {
  document.querySelectorAll<HTMLElement>(CONTROLS).forEach(mendControl)
  document.querySelectorAll<HTMLElement>(FIELDS).forEach(mendField)
  document.querySelectorAll<HTMLElement>('uni-image').forEach((image) => {
    const inner = image.querySelector('img')
    const words = image.getAttribute('aria-label') ?? ''
    if (inner && inner.getAttribute('alt') !== words) inner.alt = words
  })
  // What scrolls by itself must be reachable by keyboard.
  document.querySelectorAll<HTMLElement>('.uni-scroll-view[style*="auto"]').forEach((part) => {
    part.tabIndex = 0
  })
  // TDesign writes `aria-role`, which is no attribute of ARIA's.
  document.querySelectorAll('[aria-role]').forEach((part) => part.removeAttribute('aria-role'))
  document.querySelectorAll('uni-button').forEach((button) => {
    const off = String(button.classList.contains('t-button--disabled'))
    if (button.getAttribute('aria-disabled') !== off) button.setAttribute('aria-disabled', off)
  })
  document.querySelector('#u-a-t')?.setAttribute('role', 'status')
  const title = document.querySelector('.uni-page-head__title')
  if (title && !title.hasAttribute('role')) {
    title.setAttribute('role', 'heading')
    title.setAttribute('aria-level', '1')
  }
  document.querySelectorAll('uni-page-head').forEach((head) => head.setAttribute('role', 'banner'))
}

function press(event: KeyboardEvent): void {
  const target = event.target as HTMLElement
  const pressed = event.key === 'Enter' || event.key === ' '
  if (!pressed || !target.matches?.(CONTROLS) || target.matches('input,textarea,a')) return
  event.preventDefault()
  target.click()
}

export function installAccessibility(): void {
  let planned = false
  const plan = () => {
    if (planned) return
    planned = true
    requestAnimationFrame(() => {
      planned = false
      mend()
    })
  }
  mend()
  new MutationObserver(plan).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['aria-label', 'aria-invalid', 'class'],
  })
  document.addEventListener('keydown', press)
}
