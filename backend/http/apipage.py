"""The readable page of the API: one self-contained document that draws openapi.json."""

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>呼应 Huying · 接口说明</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{margin:0;font:14px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#181818;background:#f3f3f3}
header{background:#fff;border-bottom:1px solid #e7e7e7;padding:16px 24px;position:sticky;top:0;z-index:1}
h1{font-size:20px;margin:0 0 8px}main{max-width:1000px;margin:0 auto;padding:16px 24px 64px}
input{width:100%;max-width:480px;box-sizing:border-box;padding:10px 12px;border:1px solid #8b8b8b;border-radius:6px;font:inherit}
h2{font-size:16px;margin:28px 0 4px}h2+p{margin:0 0 8px;color:#5e5e5e}
details{background:#fff;border:1px solid #e7e7e7;border-radius:8px;margin:8px 0}
summary{padding:10px 14px;cursor:pointer;display:flex;gap:12px;align-items:baseline;flex-wrap:wrap}
code,pre{font-family:ui-monospace,Consolas,monospace}summary code{font-size:14px}
.m{font-weight:600;min-width:58px;display:inline-block}.GET{color:#0052d9}.POST{color:#1d7a49}.PUT,.PATCH{color:#a84f0b}.DELETE{color:#b8323c}
.g{margin-left:auto;color:#5e5e5e}.b{padding:0 14px 12px;border-top:1px solid #e7e7e7}
table{border-collapse:collapse;width:100%;margin:6px 0}td,th{text-align:left;padding:6px 8px;border-bottom:1px solid #e7e7e7;vertical-align:top}
pre{background:#f7f7f8;padding:12px;border-radius:6px;overflow:auto;margin:6px 0}h3{font-size:14px;margin:12px 0 0}
</style></head><body>
<header><h1>呼应 Huying · 接口说明</h1><label for="q">查找接口</label>
<input id="q" type="search" placeholder="路径或说明，例如 appointments">
<p style="margin:8px 0 0"><a href="openapi.json">openapi.json</a>（OpenAPI 3.1）。写操作都要带 Idempotency-Key；出错时返回 problem+json。</p></header>
<main id="out" aria-live="polite">正在读取…</main>
<script>
const el=(t,a={},...k)=>{const e=document.createElement(t);for(const[n,v]of Object.entries(a))e.setAttribute(n,v);e.append(...k);return e};
fetch('openapi.json').then(r=>r.json()).then(d=>{
 const deref=s=>s&&s.$ref?d.components.schemas[s.$ref.split('/').pop()]:s;
 const show=(s,n=0)=>{const raw=s;s=deref(s)||{};const t=Array.isArray(s.type)?s.type.filter(x=>x!=='null')[0]:s.type;
  if(n>4)return raw.$ref?raw.$ref.split('/').pop():'…';
  if(s.enum)return s.enum.join(' | ');
  if(t==='array')return[show(s.items||{},n+1)];
  if(s.properties)return Object.fromEntries(Object.entries(s.properties).map(([k,v])=>[k,show(v,n+1)]));
  return(t||'any')+(s.format?'('+s.format+')':'')};
 const block=(h,s)=>[el('h3',{},h),el('pre',{tabindex:'0'},JSON.stringify(show(s),null,1))];
 const groups={};
 for(const[p,ms]of Object.entries(d.paths))for(const[m,o]of Object.entries(ms)){if(!o.responses)continue;(groups[(o.tags||['-'])[0]]??=[]).push([p,m.toUpperCase(),o])}
 const out=document.getElementById('out');out.textContent='';
 for(const[g,list]of Object.entries(groups)){const tag=(d.tags||[]).find(t=>t.name===g)||{};
  const sec=el('section',{},el('h2',{},g),el('p',{},tag.description||''));
  for(const[p,m,o]of list){const b=el('div',{class:'b'});if(o.description)b.append(el('p',{},o.description));
   const ps=(o.parameters||[]).map(x=>x.$ref?d.components.parameters[x.$ref.split('/').pop()]:x);
   if(ps.length){const t=el('table',{},el('tr',{},el('th',{},'参数'),el('th',{},'位置'),el('th',{},'类型'),el('th',{},'必填')));
    for(const x of ps)t.append(el('tr',{},el('td',{},x.name),el('td',{},x.in),el('td',{},String(show(x.schema||{}))),el('td',{},x.required?'是':'否')));b.append(t)}
   const rb=o.requestBody&&o.requestBody.content['application/json'];if(rb)b.append(...block('请求内容',rb.schema));
   for(const[c,r]of Object.entries(o.responses)){const j=r.content&&(r.content['application/json']);if(j&&j.schema)b.append(...block('返回 '+c,j.schema))}
   sec.append(el('details',{'data-t':(m+' '+p+' '+(o.summary||'')).toLowerCase()},el('summary',{},el('span',{class:'m '+m},m),el('code',{},p),el('span',{},o.summary||''),el('span',{class:'g'},o['x-guard']||'公开')),b))}
  out.append(sec)}
 document.getElementById('q').addEventListener('input',e=>{const q=e.target.value.trim().toLowerCase();
  for(const s of out.children){let any=false;for(const x of s.querySelectorAll('details')){const ok=!q||x.dataset.t.includes(q);x.hidden=!ok;any=any||ok}s.hidden=!any}});
}).catch(()=>{document.getElementById('out').textContent='接口说明没有读到，请刷新重试。'});
</script></body></html>
"""
