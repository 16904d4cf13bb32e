// Colours, type and the bar of the development pages; the mails' own green and paper.

export const base = `
:root{color-scheme:light dark;
--paper:light-dark(#f5f5f2,#101312);--sheet:light-dark(#fff,#191d1b);--rule:light-dark(#e2e2dc,#2b312e);
--ink:light-dark(#17201c,#f0f3f1);--muted:light-dark(#5c6661,#a4aea9);--accent:light-dark(#0d6849,#6bd6a8);
--tint:light-dark(#e7f1ec,#1d2a24);--warn:light-dark(#8a4b00,#f2b866);--warn-tint:light-dark(#fdf1dd,#33270f);
--sans:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace}
*{box-sizing:border-box}
[hidden]{display:none!important}
html,body{height:100%}
body{margin:0;display:flex;flex-direction:column;background:var(--paper);color:var(--ink);font:15px/1.5 var(--sans);-webkit-text-size-adjust:100%}
h1,p,ol,ul,dl,dd,pre{margin:0;padding:0}
ol,ul{list-style:none}
a{color:inherit}
code,pre{font-family:var(--mono);font-size:13px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button,select,input{font:inherit;font-size:14px;color:inherit;background:var(--sheet);border:1px solid var(--rule);border-radius:8px;height:34px;padding:0 12px;min-width:0}
button{cursor:pointer;font-weight:500}
button:hover:enabled{border-color:var(--muted)}
button:disabled{color:var(--muted);cursor:default}
select{padding-right:4px}
input::placeholder{color:var(--muted);opacity:1}
main{flex:1;min-height:0}
.bar{display:flex;align-items:center;gap:8px 24px;flex-wrap:wrap;padding:10px 16px;background:var(--sheet);border-bottom:1px solid var(--rule)}
.brand{display:flex;align-items:center;gap:9px;font-weight:650;font-size:17px;letter-spacing:-.01em;text-decoration:none}
.brand svg{width:24px;height:24px}
.pages{display:flex;gap:2px}
.pages a{padding:5px 11px;border-radius:8px;text-decoration:none;color:var(--muted);font-weight:500}
.pages a:hover{color:var(--ink)}
.pages a[aria-current]{background:var(--tint);color:var(--accent)}
.tools{display:flex;align-items:center;gap:8px;margin-left:auto}
.hint{color:var(--muted);font-size:14px}
.notice{padding:10px 18px;background:var(--warn-tint);border-bottom:1px solid var(--rule);font-size:14px}
.provider{display:inline-block;font:500 12px/18px var(--mono);padding:0 7px;border-radius:6px;background:var(--tint);color:var(--accent);white-space:nowrap}
.tabs{display:flex;align-items:center;gap:8px;flex-wrap:wrap;min-height:34px}
.tabs>:first-child{display:flex;gap:2px;margin-right:auto;padding:3px;background:light-dark(#ebebe6,#232826);border-radius:10px}
.tabs>:first-child>*{height:28px;line-height:28px;padding:0 13px;border:0;border-radius:7px;background:none;color:var(--muted);font-size:14px;font-weight:500;text-decoration:none}
.tabs>:first-child>:hover{color:var(--ink)}
.tabs>:first-child>:is([aria-selected=true],[aria-current=true]){background:light-dark(#fff,#3b433f);color:var(--ink);box-shadow:0 1px 2px #0002}
.switches{display:flex;gap:8px}
.switches>*{display:block;height:34px;line-height:32px;padding:0 12px;border:1px solid var(--rule);border-radius:8px;font-size:14px;font-weight:500;background:var(--sheet);text-decoration:none}
.switches>:is([aria-pressed=true],[aria-current=true]){background:var(--tint);border-color:var(--accent);color:var(--accent)}
.part{flex:1;min-height:0;display:flex;justify-content:center;background:var(--sheet);border:1px solid var(--rule);border-radius:12px;overflow:hidden}
.part iframe{width:100%;height:100%;border:0;background:#fff}
.part.dark iframe{background:#121212}
.part.phone{background:none;border-color:transparent}
.part.phone iframe{width:375px;max-width:100%;max-height:760px;border:1px solid var(--rule);border-radius:30px;box-shadow:0 0 0 6px var(--sheet),0 0 0 7px var(--rule)}
.part.phone{padding:8px;border-radius:0;overflow:visible}
.part pre{flex:1;min-width:0;overflow:auto;padding:20px 22px;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.6;font-size:14px}
@media (max-width:779px){
.bar{padding:9px 12px}
.pages a{padding:5px 9px}
.part.phone{padding:0}
.part.phone iframe{border:0;border-radius:12px;box-shadow:none;max-height:none}
}
`
