"""Words by which services say what a code or a status leaves open, and those that are not their own.

Each pattern is asked only where `error_table` lets words decide.
"""

from __future__ import annotations

import html
import re

DUPLICATE_ID_TEXT = re.compile(
    r"external.?task.?(id)?.*(duplicat|repeat|already|exist(s|ed)\b|\b(re)?used|in use|unique|conflict|taken"
    r"|registered|occupied)|(duplicat|repeat|already|\b(re)?used|in use|unique|conflict).*external.?task"
    r"|duplicat\w{0,8}.*\btask.?id|(重复|已存在|已被使用).*任务|任务.*(重复|已存在|已被使用)",
    re.IGNORECASE | re.DOTALL,
)
"""A second create with one external id, "in any wording": rather a look-up too many than paying twice."""

NOT_THERE_TEXT = re.compile(r"not.?(exist|found)|n.t exist|不存在", re.IGNORECASE)
"""A look-up that found nothing also speaks of an external id that "exists": it is no duplicate."""

MODEL_TEXT = re.compile(
    r"invalid model|model.?not.?found|\bmodel\b.{0,60}\b(not exist|not found|not served)", re.IGNORECASE
)
"""The model is not served, said in words instead of a code; CometAPI was seen to say "invalid model name"."""

QUOTA_TEXT = re.compile(
    r"not enough|insufficient|exhausted|used up|arrears"
    r"|(out of|no|exceeded your current) (credit|quota|balance)"
    r"|(quota|balance|credits?) (is |are |has |have )?(been )?(not sufficient|exceeded|empty|low\b)"
    r"|余额不足|餘額不足|欠费|欠費|(额度|配额|点数|积分)已?(不足|用完|用尽|耗尽)|残高不足|잔액.?부족",
    re.IGNORECASE,
)
"""The account is empty, said unmistakably; CometAPI says "user quota is not enough"."""
TIME_TEXT = re.compile(
    r"per.?(sec|min|hour|day)|/ ?(s|sec|min|minute|h|hour|d|day)\b|\b(minutely|hourly|daily)\b"
    r"|\brate\b|rate.?limit"
    r"|concurren|\b[rtq]p[msdh]\b|parallel|too (many|fast|frequent)|try again in \d|每(秒|分钟|小时|天|日)"
    r"|频率|速率|限速|限流|并发|並發|请求过于频繁",
    re.IGNORECASE,
)
"""A quota of calls in a time, or at a time: it comes back by itself."""
TOO_LARGE_TEXT = re.compile(
    r"(entity|payload|body|request|content|file|image)(_| |\b).{0,20}too.?(large|big|heavy)"
    r"|(entity|payload|body|request)(_| |\b).{0,20}too.?long"
    r"|too (large|big|heavy).{0,30}\b(entity|payload|body|request|content|file|image)"
    r"|(size|body|payload|file).{0,40}\b(exceed|over the limit|larger than)"
    r"|exceed\w{0,4}.{0,30}\b(size|\d+ ?[km]i?b)\b"
    r"|(请求|请求体|图片|文件|内容)(体积|大小)?(过大|太大|超过|超出)",
    re.IGNORECASE,
)
"""The body, or a picture in it, is too large, with a status that leaves it open what is refused."""
NO_TASK_TEXT = re.compile(
    r"(task|record|resource|job)\w{0,12}(?:(?!channel|model|token|platform|adap|handler|provider|pack|user|account).){0,40}"
    r"(not.?(exist|found)|n.t exist|不存在)"
    r"|(任务|任務|记录|记錄|作业).{0,9}(不存在|未找到|找不到|没有找到)|(不存在|未找到|找不到|没有找到|无此).{0,4}(任务|任務|记录)"
    r"|^not.?found\W*$|\bno (task|record|job)s? (was |were |is )?found"
    r"|(no such|unknown|not find( the| any| this)?|not found:?) (task|record|resource|job)",
    re.IGNORECASE,
)
"""A query's answer that the service has no such task."""
_QUOTED = re.compile(
    r"'(?:[^']|(?<=\w)'(?=\w))*'|\"[^\"]*(?:\"|$)|[“„”][^“”]*(?:[“”]|$)|‘[^’]*(?:’|$)|「[^」]*(?:」|$)|『[^』]*(?:』|$)"
    r"|《[^》]*(?:》|$)|【[^】]*(?:】|$)|«[^»]*(?:»|$)|`[^`]*(?:`|$)|＂[^＂]*(?:＂|$)"
    r"|(?:prompts?|提示词|提示詞)\s*(?:is|为|是)?\s*[:=：(（].*",
    re.IGNORECASE | re.DOTALL,
)
"""In quotation marks, also where the end was cut off, or after the word for it."""
MAY_BE_QUOTED = re.compile(
    r"(?:texts?|words?|content|input|description|sensitive|blocked|文本|内容|描述|敏感词?|违规)\s*[:=：(（].*",
    re.IGNORECASE | re.DOTALL,
)
"""Perhaps a person's words too: no line of tasks is stopped by it."""


def own_words(message: str) -> str:
    """The service's words without what they quote: a person's prompt may say anything."""
    return _QUOTED.sub(" ", html.unescape(message))
