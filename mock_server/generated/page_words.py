"""What members of pages are called in all styles of pagination, without the borders of their words (assumed)."""

from __future__ import annotations

LIMITS = ("limit", "size", "perpage", "pagesize", "pagelimit", "maxresults", "itemsperpage")
STARTS = ("offset", "start", "skip", "startat", "startindex")
COUNTS = ("count", "total", "totalcount", "totalitems", "totalresults", "totalelements", "itemcount", "totalrecords")
NUMBERS = ("page", "pagenumber", "currentpage", "pageindex")
PAGES = ("pages", "totalpages", "lastpage", "pagecount")
MORE = ("hasmore", "hasnext", "hasnextpage", "more")
LEADING = ("next", "previous", "prev", "first", "last", "nextpage", "previouspage", "nextcursor", "nextpagetoken")
