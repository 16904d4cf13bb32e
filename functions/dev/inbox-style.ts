// The inbox: mails on the left, the chosen one on the right; one of the two on a narrow window.

export const style = `
#main{display:grid;grid-template-columns:minmax(280px,360px) minmax(0,1fr);overflow:hidden}
.live{display:flex;align-items:center;gap:7px;margin-right:6px;color:var(--muted);font-size:13px;white-space:nowrap}
.live::before{content:'';width:8px;height:8px;border-radius:50%;background:var(--accent);animation:breathe 2.4s ease-in-out infinite}
.live.off{color:var(--warn)}
.live.off::before{background:var(--warn);animation:none}
@keyframes breathe{50%{opacity:.35}}
#filter{width:220px}
#faults-count{margin-left:7px;padding:0 6px;border-radius:9px;background:var(--warn);color:var(--sheet);font-size:12px}
#faults-button[aria-expanded=true]{background:var(--tint);border-color:var(--accent);color:var(--accent)}

.list{overflow-y:auto;border-right:1px solid var(--rule);background:var(--sheet)}
.list a{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:1px 12px;padding:12px 16px 12px 26px;border-bottom:1px solid var(--rule);text-decoration:none;position:relative}
.list a:hover{background:light-dark(#fafaf8,#1d2220)}
.list a:focus-visible{outline-offset:-2px}
.list a[aria-current]{background:var(--tint)}
.list a.unread::before{content:'';position:absolute;left:10px;top:19px;width:8px;height:8px;border-radius:50%;background:var(--accent)}
.list li{animation:come .5s ease-out}
@keyframes come{from{opacity:0;transform:translateY(-8px)}}
.to,.subject{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.to{font-weight:500}
.unread .to{font-weight:700}
.subject{color:var(--muted);font-size:14px}
.list time{color:var(--muted);font-size:12.5px;line-height:23px;font-variant-numeric:tabular-nums}
.list .provider{justify-self:end;align-self:center}
.list a[aria-current] .provider{background:var(--sheet)}
#none{padding:24px;overflow-wrap:anywhere}

.mail{display:flex;flex-direction:column;gap:14px;min-height:0;min-width:0;padding:20px 24px 24px}
.mail header{display:flex;flex-wrap:wrap;align-items:center;gap:10px 20px}
.about{flex:1 1 300px;min-width:0}
.about h1{font-size:20px;line-height:28px;font-weight:620;letter-spacing:-.01em;overflow-wrap:anywhere}
.route{color:var(--muted);font-size:14px;overflow-wrap:anywhere}
.route b{font-weight:550;color:var(--ink)}
.route time{margin:0 10px;padding-left:9px;border-left:1px solid var(--rule);font-variant-numeric:tabular-nums;white-space:nowrap}
.back{display:none}
.code{display:flex;align-items:center;gap:12px;height:46px;padding:0 14px 0 18px;border-color:light-dark(#bfdccf,#2f4d3f);border-radius:12px;background:var(--tint);color:var(--accent)}
.code b{font:600 22px var(--mono);letter-spacing:.08em}
.code span{min-width:46px;font-size:13px;text-align:right}
.files{display:flex;flex-wrap:wrap;gap:8px;width:100%}
.files a{display:block;padding:3px 10px;border:1px solid var(--rule);border-radius:8px;background:var(--sheet);font-size:13px;text-decoration:none}
.tag{color:var(--accent)}
.value{color:light-dark(#8a4b00,#e0b27a)}
#part[data-tab=source] pre{font-size:12.5px;line-height:1.55}
#facts{flex:1;min-width:0;overflow:auto;padding:8px 22px}
#facts div{display:grid;grid-template-columns:120px minmax(0,1fr);gap:12px;padding:9px 0;border-bottom:1px solid var(--rule)}
#facts div:last-child{border:0}
#facts dt{color:var(--muted);font-size:14px}
#facts dd{font:13.5px/22px var(--mono);overflow-wrap:anywhere}
#facts .ours dd{color:var(--muted)}

body[data-view=empty] #main{grid-template-columns:minmax(0,1fr)}
body[data-view=empty] .list{display:none}
body:not([data-view]) #main{visibility:hidden}
.empty{align-self:center;justify-self:center;width:min(640px,100%);padding:24px;text-align:center}
.empty h1{font-size:26px;line-height:34px;font-weight:620;letter-spacing:-.015em}
.empty p{color:var(--muted);font-size:16px}
.empty .hint{margin-top:10px;font-size:14px;overflow-wrap:anywhere}
.command{position:relative;margin:24px 0 14px;text-align:left;background:var(--sheet);border:1px solid var(--rule);border-radius:14px}
.command pre{padding:20px 22px;overflow-x:auto;line-height:1.7}
.command button{position:absolute;top:10px;right:10px;height:30px;font-size:13px}
.gone{padding:40px 24px;text-align:center}

.faults{flex:none;max-height:60vh;overflow:auto;padding:16px 18px 18px;background:var(--sheet);border-bottom:1px solid var(--rule);display:grid;gap:10px}
.faults p{font-size:14px;color:var(--muted)}
.faults p b{color:var(--ink)}
.fault{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px;max-width:900px;padding:10px 14px;border:1px solid var(--rule);border-radius:12px}
.fault.active{border-color:var(--warn);background:var(--warn-tint)}
.place{width:24px;height:24px;border-radius:50%;background:var(--tint);color:var(--accent);font-size:13px;font-weight:600;line-height:24px;text-align:center}
.who{display:grid;width:150px;line-height:18px}
.who b{font-weight:600}
.who small{color:var(--muted);font-size:12.5px}
.fault select{width:250px}
.fault label{color:var(--muted);font-size:14px;white-space:nowrap}
.fault input{width:64px;text-align:center;padding:0 4px}
.fault output{margin-left:auto;color:var(--muted);font-size:13.5px}
.fault.active output{color:var(--warn);font-weight:550}

@media (max-width:1023px){#filter{width:150px}}
@media (max-width:779px){
#main{display:block;overflow:auto}
.list{border:0;min-height:100%}
.list a{padding:13px 14px 13px 26px}
body[data-view=mail] .list{display:none}
body:not([data-view=mail]) :is(.mail,.gone){display:none}
.mail{height:100%;min-height:560px;padding:12px 12px 16px;gap:12px}
.back{display:block;height:32px;margin-left:-10px;padding:0 10px;border:0;background:none;color:var(--accent);font-weight:550}
.code{width:100%;justify-content:space-between}
.from,#phone{display:none}
.tools{width:100%}
#filter{flex:1;width:0}
.live{order:-1}
.fault .who{flex:1}
.fault select{width:100%}
.tabs>:first-child>*{padding:0 11px}
.command button{position:static;margin:0 0 14px 14px}
.command pre{padding:16px 14px}
.empty{margin:6vh auto 0;padding:16px}
}
@media (prefers-reduced-motion:reduce){*{animation:none!important}}
`
