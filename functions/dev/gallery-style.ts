// The gallery: cards with a small rendering on the left, the chosen template on the right.

export const style = `
#main{display:grid;grid-template-columns:280px minmax(0,1fr);overflow:hidden}
.cards{display:flex;flex-direction:column;gap:12px;padding:20px;overflow-y:auto;border-right:1px solid var(--rule)}
.card{display:grid;flex:none;border:1px solid var(--rule);border-radius:14px;background:var(--sheet);text-decoration:none;overflow:hidden;padding-bottom:12px}
.card:hover{border-color:var(--muted)}
.card[aria-current]{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.thumb{height:150px;overflow:hidden;margin-bottom:10px;border-bottom:1px solid var(--rule);background:light-dark(#f5f5f2,#101312)}
.thumb iframe{width:545px;height:340px;border:0;transform:scale(.44);transform-origin:0 0;pointer-events:none}
.card b{font-size:14px;font-weight:600;padding:0 14px}
.card small{font-size:13px;color:var(--muted);padding:0 14px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.tools .switches a::first-letter{text-transform:uppercase}
.stage{display:flex;flex-direction:column;gap:14px;min-height:0;min-width:0;padding:20px 24px 24px}
.stage h1{font-size:20px;line-height:28px;font-weight:620;letter-spacing:-.01em;overflow-wrap:anywhere}
@media (max-width:779px){
#main{display:flex;flex-direction:column;overflow:auto}
.cards{flex:none;flex-direction:row;padding:12px;overflow:auto hidden;border:0;scroll-snap-type:x proximity}
.card{width:200px;scroll-snap-align:start}
.thumb{height:90px}
.thumb iframe{transform:scale(.3625)}
.stage{flex:1 0 620px;padding:4px 12px 16px}
.switches .wide{display:none}
}
`
