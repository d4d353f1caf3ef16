/** Options of the report's charts: few colours, units on the axis, the number on hover. */

export interface Series {
  name: string
  values: (number | null)[]
  /** `strong` is the one to look at. */
  tone?: 'strong' | 'pale' | 'bad'
  line?: boolean
}
export interface Plot {
  labels: string[]
  series: Series[]
  unit: string
  /** Bars that lie, for long names. */
  flat?: boolean
  stacked?: boolean
  target?: { value: number; text: string }
  /** Where the axis of numbers ends, when that is known: 100 for shares. */
  most?: number
}

const TONES = { strong: '#0052d9', pale: '#b5c7ff', bad: '#d54941' }
/** Words on the bars themselves. */
const INSIDE = { strong: '#fff', pale: '#181818', bad: '#fff' }
const TEXT = { color: '#5e5e5e', fontSize: 12, fontFamily: 'inherit' }

export function chartOption(plot: Plot): Record<string, unknown> {
  const names = {
    type: 'category',
    data: plot.labels,
    axisTick: { show: false },
    axisLabel: { ...TEXT, ...(plot.flat ? { width: 110, overflow: 'truncate' } : { interval: 'auto' }) },
    inverse: Boolean(plot.flat),
  }
  const numbers = {
    type: 'value',
    minInterval: 1,
    max: plot.most,
    name: plot.unit,
    nameTextStyle: TEXT,
    nameLocation: 'end',
    axisLabel: TEXT,
    splitLine: { lineStyle: { color: '#e7e7e7' } },
  }
  return {
    animation: false,
    grid: plot.flat
      ? { left: 20, right: 40, top: plot.target ? 24 : 8, bottom: 24, containLabel: true }
      : { left: 8, right: 12, top: 28, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      valueFormatter: (value: unknown) => (value === null || value === undefined ? '—' : `${String(value)} ${plot.unit}`),
    },
    legend: plot.series.length > 1 ? { top: 0, right: 8, textStyle: TEXT, itemWidth: 12, itemHeight: 12 } : undefined,
    xAxis: plot.flat ? numbers : names,
    yAxis: plot.flat ? names : numbers,
    series: plot.series.map((one, index) => ({
      name: one.name,
      type: one.line ? 'line' : 'bar',
      stack: plot.stacked ? 'all' : undefined,
      data: one.values,
      barMaxWidth: 26,
      symbolSize: 6,
      itemStyle: { color: TONES[one.tone ?? 'strong'] },
      lineStyle: { width: 2 },
      label: plot.flat
        ? { show: true, ...TEXT, ...(plot.stacked || plot.target ? { position: plot.stacked ? 'inside' : 'insideRight', color: INSIDE[one.tone ?? 'strong'] } : { position: 'right' }) }
        : undefined,
      markLine:
        plot.target && index === 0
          ? {
              silent: true,
              symbol: 'none',
              lineStyle: { color: '#e37318', type: 'dashed' },
              label: {
                formatter: plot.target.text,
                color: '#a34a00',
                ...(plot.flat ? { position: 'start', rotate: 0 } : { position: 'insideEndTop' }),
              },
              data: [plot.flat ? { xAxis: plot.target.value } : { yAxis: plot.target.value }],
            }
          : undefined,
    })),
  }
}
