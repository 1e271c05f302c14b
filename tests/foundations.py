"""A register of 80 invented foundations as an office would send it."""

import random
from dataclasses import dataclass
from datetime import date

from stdnum.cn.uscc import calc_check_digit

HEADING = (
    "序号", "统一社会信用代码", "基金会名称", "登记管理机关", "业务主管单位", "成立时间", "所属区（县）", "住所", "法定代表人",
    "原始基金\n（万元）", "活动领域", "专职工作人员数（人）", "党员人数", "是否建立党组织", "是否软弱涣散", "是否规范",
    "评估等级", "2014年度年检结论", "联系电话", "慈善组织认定", "备注",
)  # fmt: skip
_WORDS = [
    "启明",
    "育才",
    "博雅",
    "康宁",
    "同心",
    "和谐",
    "春晖",
    "明德",
    "致远",
    "益民",
    "华泽",
    "安和",
    "新蕾",
    "文澜",
    "正华",
    "信达",
]
_FIELDS = {
    "教育": "education",
    "医疗卫生": "health",
    "文化": "culture",
    "慈善": "charity",
    "科技": "science",
    "体育": "sports",
}
_DISTRICTS = ["海淀区", "朝阳区", "西城区", "东城区", "丰台区", "石景山区"]


@dataclass(frozen=True)
class Made:
    """The rows as texts, and what is to become of each: 'opened', 'parked', 'refused' or 'wrong'."""

    title: str
    rows: list[list[str]]
    fates: list[str]


def code(number):
    """A valid unified social credit code of a foundation."""
    body = f"53110000{number:09d}"
    return body + calc_check_digit(body)


def made():
    chance = random.Random(80)
    rows, fates = [], []
    for at in range(80):
        word, field = _WORDS[at % 16], chance.choice(list(_FIELDS))
        district = chance.choice(_DISTRICTS)
        day = date(1995 + at % 19, 1 + at % 12, 1 + at % 28)
        written = (
            f"{day.year}/{day.month}/{day.day}",
            f"{day.year}.{day.month}.{day.day}",
            f"{day.year}年{day.month}月{day.day}日",
        )[at % 3]
        built, weak, sound, members = ("是", "否", "是", "5") if at % 4 else ("否", "", "", str(at % 5))
        fate = "opened"
        office = ("北京市民政局", f"北京市{district}民政局")[at % 5 == 0]
        if at % 9 == 4:
            office, fate = "中华人民共和国民政部", "refused"
        elif at % 9 == 7:
            built, weak, sound, fate = "", "", "", "parked"
        elif at % 13 == 5:
            field, fate = "", "parked"
        id = code(500000 + 7 * at)
        if at in (20, 41):
            id, fate = id[:-1] + ("0" if id[-1] != "0" else "1"), "wrong"  # the check digit is spoilt
        elif at in (33, 66):
            id, fate = "5.3110000E+17", "wrong"
        elif at in (51, 75):
            id, fate = code(500000 + 7 * (at - 3)), "wrong"  # stands above already
        area = (district, f"北京市{district}", f"北京市{district}", district)[at % 4]
        rows.append([
            str(at + 1), id, f"北京{word}{at + 1}号公益基金会", office,
            ("北京市教育委员会", "北京市民政局", "北京市文物局", "北京市卫生局")[at % 4], written, area,
            f"北京市{district}中关村南大街{at + 1}号", "某某", str(200 + at), field, str(3 + at % 30), members, built, weak, sound,
            ("", "3A", "AAAA", "未评估")[at % 4], ("合格", "基本合格", "合格", "抽查中")[at % 4], "010-6000" + f"{at:04d}", "是", "",
        ])  # fmt: skip
        fates.append(fate)
    return Made("北京市基金会名录（2015年12月）", rows, fates)


def write(path):
    """Writes the register to an XLSX: a title over all columns, the heading, the rows."""
    import openpyxl

    register = made()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名录"
    sheet.append([register.title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADING))
    sheet.append(["填报单位：社团办", *[None] * (len(HEADING) - 1)])
    sheet.append(list(HEADING))
    for row in register.rows:
        sheet.append([cell or None for cell in row])
    book.save(path)
    return register
