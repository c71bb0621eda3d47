# Draws test-losses.csv; run `gnuplot test-losses.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.8903 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width -5.1 textcolor rgb '#222222'
set tmargin at screen 0.8292
set rmargin at screen 0.952
set label 'Test losses after 100 steps, repetition by repetition' at screen 0.02, screen 0.9624 left noenhanced font ',22'
set label 'ablation-scheduler; 5 repetitions of 40 test runs' at screen 0.02, screen 0.9201 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.03747872809615713:0.2720346243426504]
set xtics ('0.05' 0.05, '0.10' 0.1, '0.15' 0.15, '0.20' 0.2, '0.25' 0.25)
set xlabel 'mean test loss of a repetition' noenhanced
set yrange [13.6:0.4]
set ytics ('tuned uniform' 1, 'learned (firstOrder, random)' 2, 'learned (firstOrder, growing)' 3, 'learned (firstOrder, fixed)' 4, 'learned (truncated window 10, random)' 5, 'learned (truncated window 10, growing)' 6, 'learned (truncated window 10, fixed)' 7, 'learned (truncated window 30, random)' 8, 'learned (truncated window 30, growing)' 9, 'learned (truncated window 30, fixed)' 10, 'learned (reverse, random)' 11, 'learned (reverse, growing)' 12, 'learned (reverse, fixed)' 13) noenhanced scale 0
set grid noytics
set lmargin at screen 0.4622
left = 0.03747872809615713
right = 0.2720346243426504
inside(value) = (value < left ? left : value > right ? right : value)
middle(value) = (column(2) == 0 ? value : NaN)
dot(value) = (column(2) > 0 && value <= right ? value : NaN)
diverged(value) = (column(2) > 0 && value > right ? right : NaN)
height(row, repetition) = row + (repetition - 3.0) * 0.1

set terminal svg size 900,638 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'test-losses.svg'
plot 'test-losses.csv' skip 1 using (inside(middle($4))):1:(inside($5)-inside($4)):(0) with vectors nohead linewidth 2.5 linecolor rgb '#222222' notitle, \
     '' skip 1 using (middle($3)):($1-0.3):(0):(0.6) with vectors nohead linewidth 2.5 linecolor rgb '#222222' title 'interquartile mean and 95 % interval', \
     '' skip 1 using (dot($3)):(height($1, $2)) with points pointtype 7 pointsize 0.9 linecolor rgb '#600072b2' title 'a repetition'

set terminal pngcairo size 900,638 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'test-losses.png'
replot
set output
