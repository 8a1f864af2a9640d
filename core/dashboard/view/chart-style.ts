/** Added to uPlot's own style, on pages with charts. Where there is a chart, the server's picture is left to screen readers and to print. */
export const chartStyle = `
.picture{position:relative}
.plot{--page-zoom:1;max-width:640px;forced-color-adjust:none}
.plot:empty{display:none}
.plot .area{cursor:crosshair;border-radius:4px}
.plot .u-hz .u-cursor-x{border-right:1px dashed var(--ink)}
#values th{white-space:normal}
.readout{display:grid;min-height:6em;align-content:start;font-size:14px;line-height:1.5;color:var(--soft);font-variant-numeric:tabular-nums}
.readout strong{color:var(--ink)}.readout :empty{display:none}
@media screen{.plot:not(:empty)~.chart{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}}
@media print{.plot{display:none}}
@media (min-width:2400px){.plot{--page-zoom:1.5}.plot .area{zoom:calc(1/1.5)}}
@media (forced-colors:active){.picture{--card:Canvas;--ink:CanvasText;--soft:CanvasText;--rule:GrayText;--track:Canvas;--accent:LinkText;--fail:CanvasText}}
`
